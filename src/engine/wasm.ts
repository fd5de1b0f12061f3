/**
 * The fast kernels: AssemblyScript SIMD (assembly/) behind the interface of `kernels.ts`. Arrays are views of one
 * shared WebAssembly memory, which may grow without detaching them and which worker threads will share.
 */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { Kernels } from './kernels.ts';
import { wasmAttentionKernels } from './wasm/attention.ts';
import { wasmGeluKernels } from './wasm/gelu.ts';
import { wasmMatrixKernels } from './wasm/matrix.ts';
import { wasmNormKernels } from './wasm/norm.ts';
import { wasmOptimizerKernels } from './wasm/optimizer.ts';
import { wasmRowKernels } from './wasm/rows.ts';
import { wasmSoftmaxKernels } from './wasm/softmax.ts';
import type { KernelExports } from './wasm/exports.ts';
import { hasMark, tallTilesMark } from './wasm/marked-module.ts';

const pageBytes = 65536;
const maximumPages = 65536;
/** The first page belongs to the compiled module's own constants. */
const firstFreeByte = pageBytes;

/** Memory and compiled kernels, before they are wrapped: what a worker thread needs to join in. */
export interface WasmEngine {
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
}

/** Instantiates compiled kernels on a new shared memory. @throws LabError when the machine refuses the memory. */
export function createWasmEngine(module: WebAssembly.Module): WasmEngine {
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: 2, maximum: maximumPages, shared: true });
  } catch (error) {
    throw new LabError(
      'engine: WebAssembly shared memory is refused here; raise the limit on virtual memory (ulimit -v) to 12 GiB or more',
      exitCodes.crash,
      { cause: error },
    );
  }
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const exports = instance.exports as unknown as KernelExports;
  if (hasMark(module, tallTilesMark)) exports.useTallTiles(1);
  return { memory, exports };
}

/** The fast engine, on a memory of its own. */
export function createWasmKernels(module: WebAssembly.Module): Kernels {
  const { memory, exports } = createWasmEngine(module);
  const arena = new Arena(memory);
  return {
    name: 'wasm',
    precision: 'float32',
    allocate: (length) => arena.allocate(length),
    allocateIndices: (length) => arena.allocateIndices(length),
    ...wasmMatrixKernels(exports),
    ...wasmNormKernels(exports),
    ...wasmAttentionKernels(exports),
    ...wasmGeluKernels(exports),
    ...wasmRowKernels(exports),
    ...wasmSoftmaxKernels(exports),
    ...wasmOptimizerKernels(exports),
  };
}

/** Hands out memory, never takes it back: a model allocates once. */
class Arena {
  readonly #memory: WebAssembly.Memory;
  #next = firstFreeByte;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  #reserve(bytes: number): number {
    const at = this.#next;
    const end = at + Math.ceil(bytes / 64) * 64;
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / pageBytes);
    if (missing > 0) {
      try {
        this.#memory.grow(missing);
      } catch (error) {
        const total = Math.ceil(end / 2 ** 20);
        throw new LabError(
          `engine: out of memory at ${total} MiB; lower batchSize, labels or depth`,
          exitCodes.crash,
          { cause: error },
        );
      }
    }
    this.#next = end;
    return at;
  }

  allocate(length: number): Float32Array {
    // Reserve first: growing makes a new, longer buffer over the same memory.
    const at = this.#reserve(length * 4);
    return new Float32Array(this.#memory.buffer, at, length);
  }

  allocateIndices(length: number): Int32Array {
    const at = this.#reserve(length * 4);
    return new Int32Array(this.#memory.buffer, at, length);
  }
}
