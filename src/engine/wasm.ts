/**
 * The fast kernels: AssemblyScript SIMD (assembly/) behind the interface of `kernels.ts`. Arrays are views of one
 * shared WebAssembly memory, which may grow without detaching them and which the threads of a crew share.
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
import { Crew } from './threads/crew.ts';
import type { KernelExports } from './wasm/exports.ts';
import { hasMark, tallTilesMark } from './wasm/marked-module.ts';
import { sharedKernels } from './wasm/shared-kernels.ts';

const pageBytes = 65536;
const maximumPages = 65536;
/** The first page belongs to the compiled module's own constants. */
const firstFreeByte = pageBytes;

/** Memory and compiled kernels, before they are wrapped. */
export interface WasmEngine {
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
}

/** The fast engine, and what its other threads need to join in. */
export interface WasmKernels extends Kernels {
  readonly memory: WebAssembly.Memory;
  readonly crew: Crew;
  /** Bytes handed out so far: threads that built the same models have handed out the same. */
  usedBytes(): number;
}

function newMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 2, maximum: maximumPages, shared: true });
  } catch (error) {
    throw new LabError(
      'engine: WebAssembly shared memory is refused here; raise the limit on virtual memory (ulimit -v) to 12 GiB or more',
      exitCodes.crash,
      { cause: error },
    );
  }
}

/** Instantiates compiled kernels on a new shared memory. @throws LabError when the machine refuses the memory. */
export function createWasmEngine(module: WebAssembly.Module, memory = newMemory()): WasmEngine {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const exports = instance.exports as unknown as KernelExports;
  if (hasMark(module, tallTilesMark)) exports.useTallTiles(1);
  return { memory, exports };
}

/**
 * The fast engine.
 * @param shared another thread's memory: the same allocations in the same order give the same arrays. Default: its own.
 */
export function createWasmKernels(module: WebAssembly.Module, shared?: WebAssembly.Memory): WasmKernels {
  const { memory, exports: alone } = createWasmEngine(module, shared);
  const arena = new Arena(memory);
  const crew = new Crew();
  const exports = sharedKernels(alone, crew);
  return {
    name: 'wasm',
    precision: 'float32',
    memory,
    crew,
    usedBytes: () => arena.usedBytes,
    allocate: (length) => arena.allocate(length),
    allocateIndices: (length) => arena.allocateIndices(length),
    allocateDoubles: (length) => arena.allocateDoubles(length),
    task: (work, shares) => crew.task(work, shares),
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

  allocateDoubles(length: number): Float64Array {
    const at = this.#reserve(length * 8);
    return new Float64Array(this.#memory.buffer, at, length);
  }

  get usedBytes(): number {
    return this.#next;
  }
}
