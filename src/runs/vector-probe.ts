/**
 * Whether 256-bit vectors are at work, seen rather than believed: hot kernels run as V8's baseline compiler makes them
 * and as the optimising one does with packing on, and must leave the same bytes; and the matrix product is timed with
 * packing and without. Takes some 20 ms.
 */
import type { KernelExports } from '../engine/wasm/exports.ts';
import { markedModule } from './marked-module.ts';

export interface VectorProbe {
  /** The first kernel that left other bytes, if one did. */
  readonly otherBytes?: string;
  /** Whether the product got faster by it. */
  readonly isPacked: boolean;
}

/** V8's switches, as they hold for functions compiled from then on. */
export interface CompilerSwitches {
  readonly setPacking: (isOn: boolean) => void;
  /** Whether functions are compiled by the baseline compiler first. */
  readonly setBaseline: (isOn: boolean) => void;
}

const pages = 4;
/** The first page belongs to the module's constants. */
const first = 65536;
const floats = 4096;
/** Four arrays of 4,096 numbers. */
const [a, b, c, d] = [0, 1, 2, 3].map((index) => first + index * floats * 4);
const bytesLooked = 4 * floats * 4;
const row = 32 * 4;

const product = (wasm: KernelExports) => wasm.matmulTiles(c, row, a, 256, 4, b, row, 64, 32, 64, 1);

/** The kernels that take most of a step, on arrays that fit the cache; pointers and strides in bytes. */
const probed: Readonly<Record<string, (wasm: KernelExports) => unknown>> = {
  matmulTiles: product,
  matmulEdges: (wasm) => wasm.matmulEdges(c, row, a, 4, 256, b, row, 3, 29, 64, 0),
  softmaxTile: (wasm) => wasm.softmaxTile(a, 64, 32, d, d + row, d + 2 * row),
  scaledExp: (wasm) => wasm.scaledExp(d, a, b, c, 64),
  adam: (wasm) => wasm.adam(a, b, c, d, 1000, 1e-4, 0.9, 0.1, 0.999, 1e-3, 1e-3, 1.5, 1e-8),
  layerNorm: (wasm) => wasm.layerNorm(c, row, a, row, b, b + 256, d, d + row, 64, 32, 1e-5),
  attentionScores: (wasm) => wasm.attentionScores(d, a, b, 3 * row, 4, 8, 3, 0, 32, 0.35),
  causalSoftmax: (wasm) => wasm.causalSoftmax(c, a, 4, 3, 0, 32),
};

/** A product that packs takes .6 of the time; below this it did not. */
const speedUp = 1.2;
const rounds = 25;
const callsPerRound = 8;
/** A neighbour on the core may spoil one measurement. */
const tries = 3;

/** @param bytes the compiled kernels */
export function probeVectors(
  bytes: Uint8Array<ArrayBuffer>,
  { setPacking, setBaseline }: CompilerSwitches,
): VectorProbe {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const instance = (name: string) =>
    new WebAssembly.Instance(new WebAssembly.Module(markedModule(bytes, name)), { env: { memory } })
      .exports as unknown as KernelExports;
  const baseline = instance('baseline');
  const expected = Object.values(probed).map((run) => bytesLeftBy(run, baseline, memory));
  setBaseline(false);
  try {
    setPacking(false);
    const plain = instance('plain');
    product(plain);
    setPacking(true);
    const packed = instance('packed');
    const otherBytes = Object.entries(probed).find(
      ([, run], index) => !sameBytes(bytesLeftBy(run, packed, memory), expected[index]),
    )?.[0];
    if (otherBytes !== undefined) return { otherBytes, isPacked: false };
    return { isPacked: isFaster(packed, plain) };
  } finally {
    setBaseline(true);
  }
}

/** What is in the arrays after a kernel ran on numbers of all sizes, negative ones too. */
function bytesLeftBy(
  run: (wasm: KernelExports) => unknown,
  wasm: KernelExports,
  memory: WebAssembly.Memory,
): Uint8Array {
  const numbers = new Float32Array(memory.buffer, first, 4 * floats);
  for (let i = 0; i < numbers.length; i++) numbers[i] = ((i * 2654435761) % 4093) / 1024 - 2;
  run(wasm);
  return new Uint8Array(memory.buffer, first, bytesLooked).slice();
}

const sameBytes = (left: Uint8Array, right: Uint8Array) => left.every((byte, i) => byte === right[i]);

/** Compares the best of many short turns, taken in alternation. */
function isFaster(packed: KernelExports, plain: KernelExports): boolean {
  const best = { packed: Infinity, plain: Infinity };
  for (let attempt = 0; attempt < tries; attempt++) {
    for (let round = 0; round < rounds; round++) {
      best.plain = Math.min(best.plain, turn(plain));
      best.packed = Math.min(best.packed, turn(packed));
    }
    if (best.plain > speedUp * best.packed) return true;
  }
  return false;
}

function turn(wasm: KernelExports): number {
  const start = performance.now();
  for (let call = 0; call < callsPerRound; call++) product(wasm);
  return performance.now() - start;
}
