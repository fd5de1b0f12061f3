/**
 * Whether 256-bit vectors are at work, seen rather than believed: hot kernels run as V8's baseline compiler makes them
 * and, once V8 has compiled them again, packed, and must leave the same bytes; and the matrix product is timed packed and
 * not. Takes some 25 ms on a free machine.
 *
 * V8 compiles a function that is called often again, in the background. One could make it do so at once by switching its
 * baseline compiler off; but Node itself has WebAssembly modules that V8 may be compiling just then, and V8 ends the
 * process where that switch changes under it. So we call until the time drops.
 */
import type { KernelExports } from '../engine/wasm/exports.ts';
import { markedModule } from '../engine/wasm/marked-module.ts';

export interface VectorProbe {
  /** The first kernel that left other bytes, if one did. */
  readonly otherBytes?: string;
  /** Whether the product got faster by it. */
  readonly isPacked: boolean;
  /** Whether it is faster still in tiles of 4 rows than of 2. */
  readonly isTall: boolean;
}

const pages = 4;
/** The first page belongs to the module's constants. */
const first = 65536;
const floats = 4096;
/** Four arrays of 4,096 numbers. */
const [a, b, c, d] = [0, 1, 2, 3].map((index) => first + index * floats * 4);
const bytesLooked = 4 * floats * 4;
const row = 32 * 4;

type Run = (wasm: KernelExports) => unknown;
const product: Run = (wasm) => wasm.matmulTiles(c, row, a, 256, 4, b, row, 64, 32, 64, 1);
const tallProduct: Run = (wasm) => wasm.matmulTallTiles(c, row, a, 256, 4, b, row, 64, 32, 64, 1);

/** The kernels that take most of a step, on arrays that fit the cache; pointers and strides in bytes. */
const probed: Readonly<Record<string, Run>> = {
  matmulTiles: product,
  matmulTallTiles: tallProduct,
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
const rounds = 40;
const callsPerRound = 4;
/** However little the patience: a neighbour on the core may spoil a measurement. */
const leastTries = 10;

/**
 * @param bytes the compiled kernels
 * @param startPacking switches packing on for functions that V8 compiles from then on; it is off before
 * @param patienceMs how long V8 is waited for where others compute; nothing is waited for where it is done sooner
 */
export function probeVectors(
  bytes: Uint8Array<ArrayBuffer>,
  startPacking: () => void,
  patienceMs: number,
): VectorProbe {
  const arena = createArena();
  const { memory } = arena;
  const instance = (name: string) =>
    new WebAssembly.Instance(new WebAssembly.Module(markedModule(bytes, name)), { env: { memory } })
      .exports as unknown as KernelExports;
  const plain = instance('plain');
  const expected = Object.values(probed).map((run) => bytesLeftBy(run, plain, arena));
  callUntilFaster([product], plain, arena, patienceMs);
  // Before packing is on: should V8 be late with it, it would compile this one packed too.
  const plainTime = bestTime([product, plain]);
  startPacking();
  const packed = instance('packed');
  callUntilFaster(Object.values(probed), packed, arena, patienceMs);
  const otherBytes = Object.entries(probed).find(
    ([, run], index) => Buffer.compare(bytesLeftBy(run, packed, arena), expected[index]) !== 0,
  )?.[0];
  if (otherBytes !== undefined) return { otherBytes, isPacked: false, isTall: false };
  const start = performance.now();
  for (let attempt = 0; attempt < leastTries || performance.now() - start < patienceMs; attempt++) {
    const packedTime = bestTime([product, packed]);
    if (plainTime < speedUp * packedTime) continue;
    const tallTime = Math.min(bestTime([tallProduct, packed]), bestTime([tallProduct, packed]));
    return { isPacked: true, isTall: tallTime < packedTime };
  }
  return { isPacked: false, isTall: false };
}

const callsPerTurn = 2;
/** Few turns tell the baseline code's time: the product is compiled again after some ten calls. */
const firstTurns = 2;
/** Baseline code takes 1.5 times as long as optimised code at the least. */
const drop = 0.75;
/** The first turns may have been disturbed, and later ones have seemed faster for that: so go on for a while. */
const leastMs = 4;
/** How long it is waited for kernels other than the products, without which nothing can be said. */
const shortPatienceMs = 10;

/** Calls kernels in turn until V8 has compiled them again, or for as long as patience lasts. */
function callUntilFaster(
  runs: readonly Run[],
  wasm: KernelExports,
  { fill }: Arena,
  patienceMs: number,
): void {
  const start = performance.now();
  const waiting = new Map(runs.map((run) => [run, Infinity]));
  const isEssential = () => waiting.has(product) || waiting.has(tallProduct);
  for (let round = 0; ; round++) {
    const passed = performance.now() - start;
    if (passed > leastMs && (waiting.size === 0 || passed > (isEssential() ? patienceMs : shortPatienceMs)))
      return;
    for (const run of runs) {
      fill();
      const time = turn([run, wasm], callsPerTurn);
      const best = waiting.get(run);
      if (best === undefined) continue;
      if (round < firstTurns) waiting.set(run, Math.min(best, time));
      else if (time < drop * best) waiting.delete(run);
    }
  }
}

/** Memory whose arrays can be filled anew with numbers of all sizes, negative ones too. */
interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly fill: () => void;
}

function createArena(): Arena {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const numbers = Float32Array.from({ length: floats }, (_, i) => ((i * 2654435761) % 4093) / 1024 - 2);
  const arrays = [a, b, c, d].map((at) => new Float32Array(memory.buffer, at, floats));
  return {
    memory,
    fill: () => {
      for (const array of arrays) array.set(numbers);
    },
  };
}

/** What is in the arrays after a kernel ran. */
function bytesLeftBy(run: Run, wasm: KernelExports, { memory, fill }: Arena): Uint8Array {
  fill();
  run(wasm);
  return new Uint8Array(memory.buffer, first, bytesLooked).slice();
}

type Contender = readonly [Run, KernelExports];

/** The best of many short turns. */
function bestTime(contender: Contender): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) best = Math.min(best, turn(contender, callsPerRound));
  return best;
}

function turn([run, wasm]: Contender, calls: number): number {
  const start = performance.now();
  for (let call = 0; call < calls; call++) run(wasm);
  return performance.now() - start;
}
