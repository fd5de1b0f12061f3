/**
 * Which kernels V8 packs into 256 bits, by its own trace. A change of a kernel, or of what compiles it, can stop that
 * without changing a number.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { obstacleTo256, packingFlag, thisMachine } from '../../src/runs/vector-width.ts';

/** Exports that have nothing to pack, each with its reason. */
const notPacked: Readonly<Record<string, string>> = {
  useTallTiles: 'computes nothing',
  transpose: 'shuffles only',
  rowSums: 'ends in a sum across lanes',
  layerNormGainGradient: 'ends in a sum across lanes',
  sumSquares: 'double precision',
  argmaxTile: 'one vector at a time; evaluation only',
  gatherRows: 'one number at a time',
  scatterAddRows: 'one number at a time',
};

/** Pairs of stores that must pack in the kernels that take most of a step: all they have. */
const hot: Readonly<Record<string, number>> = {
  matmulTiles: 4,
  matmulTallTiles: 8,
  matmulEdges: 1,
  softmaxTile: 9,
  scaledExp: 1,
  adam: 10,
  adamZeroGradient: 10,
  sgd: 2,
  unsoundness: 1,
  layerNorm: 3,
  layerNormBackward: 1,
  attentionScores: 1,
  causalSoftmax: 3,
  attentionMix: 1,
  gelu: 3,
  geluBackward: 3,
};

const kernels = fileURLToPath(new URL('../../build/kernels.wasm', import.meta.url));
/** Compiles everything, and tells V8's number of each exported function. */
const program = `
  const module = new WebAssembly.Module(require('node:fs').readFileSync(${JSON.stringify(kernels)}));
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const numbers = Object.entries(exports).filter(([, value]) => typeof value === 'function');
  console.log(JSON.stringify(numbers.map(([name, { name: number }]) => [name, Number(number)])));
`;

interface Packing {
  /** Pairs of stores that were tried, and of those how many led to nothing. */
  readonly pairs: number;
  readonly failed: number;
  readonly isDecided: boolean;
}

/** What V8 says of each function, by its number. */
function readTrace(trace: string): Map<number, Packing> {
  const found = new Map<number, Packing>();
  for (const [, number, text] of trace.matchAll(
    /^Begin revec function wasm-function#(\d+)\n(.*?)^Finished revec function/gms,
  )) {
    found.set(Number(number), {
      pairs: text.match(/PackNode Store\(/g)?.length ?? 0,
      failed: text.match(/tree failed!/g)?.length ?? 0,
      isDecided: /Decided to vectorize, \d+ revectorizable nodes/.test(text),
    });
  }
  return found;
}

const machine = thisMachine();

test.skipIf(obstacleTo256(machine) !== undefined)('every hot kernel packs, every pair of its stores', () => {
  const flags = [
    '--trace-wasm-revectorize',
    '--no-liftoff',
    '--no-wasm-lazy-compilation',
    '--single-threaded',
  ];
  const trace = execFileSync(
    process.execPath,
    [packingFlag(machine.v8, true), ...flags, '--input-type=commonjs', '-e', program],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const names = JSON.parse(trace.slice(trace.lastIndexOf('\n[[') + 1)) as [string, number][];
  const packing = readTrace(trace);
  const of = (name: string) => packing.get(names.find(([other]) => other === name)?.[1] ?? -1);
  const unpacked = names.map(([name]) => name).filter((name) => !of(name)?.isDecided);
  const known = Object.keys(notPacked);
  expect(unpacked.toSorted()).toEqual(known.toSorted());
  for (const [name, pairs] of Object.entries(hot))
    expect([name, of(name)]).toEqual([name, { pairs, failed: 0, isDecided: true }]);
});
