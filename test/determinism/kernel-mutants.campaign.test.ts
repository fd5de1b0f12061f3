/**
 * The golden hashes guard every kernel: each vector addition, subtraction, multiplication and division of the compiled
 * kernels is turned into its opposite, one at a time, and a short run or the synthetic data set must come out otherwise.
 * What no run noticed would be arithmetic that could change without anybody being told.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { syntheticSourceSchema } from '../../src/data/synthetic/config.ts';
import { generateSynthetic } from '../../src/data/synthetic/source.ts';
import { createWasmEngine } from '../../src/engine/wasm.ts';
import { markedModule, tallTilesMark } from '../../src/engine/wasm/marked-module.ts';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { sha256 } from '../../src/runs/state-hash.ts';
import { goldenHashes, goldenProblem } from './golden-hashes.ts';
import { hashRun } from './run-hashes.ts';
import { shortRun, shortRuns } from './short-runs.ts';

/** WebAssembly's encoding of float32 vector arithmetic: prefix, opcode, and the opcode's second byte. */
const prefix = 0xfd;
const secondByte = 0x01;
const opposites = new Map([
  [0xe4, 0xe5], // add, sub
  [0xe5, 0xe4],
  [0xe6, 0xe7], // mul, div
  [0xe7, 0xe6],
]);

/** Places of the opcodes. A constant that looked the same would only make one mutant more. */
function arithmeticIn(kernels: Uint8Array): number[] {
  const places: number[] = [];
  for (let at = 1; at + 1 < kernels.length; at++) {
    const isArithmetic = kernels[at - 1] === prefix && kernels[at + 1] === secondByte;
    if (isArithmetic && opposites.has(kernels[at])) places.push(at);
  }
  return places;
}

/** What notices most comes first; the others are asked only where these notice nothing. */
const watchfulRuns = [
  'paper/adam',
  'mlpSinusoidal/adam',
  'manyLabels/adam',
  'oddEverything/adam',
  'rope/sgd',
];

function runNamesByWatchfulness(): string[] {
  const others = shortRuns().flatMap(({ name }) => (watchfulRuns.includes(name) ? [] : [name]));
  return [...watchfulRuns, ...others];
}

/** The bytes of a data set large enough for draws that are rare. */
async function dataSetHash(module: WebAssembly.Module): Promise<string> {
  const config = syntheticSourceSchema.parse({ kind: 'synthetic', classes: 64, sigma: 0.6 });
  return sha256(generateSynthetic(config, createWasmEngine(module)));
}

/** The first thing that came out otherwise; undefined where nothing did. */
async function noticedBy(mutant: Uint8Array<ArrayBuffer>, dataSet: string): Promise<string | undefined> {
  const module = new WebAssembly.Module(mutant);
  // Tiles of 4 rows take those of 2 for what is left over, so first with them.
  const tall = new WebAssembly.Module(markedModule(mutant, tallTilesMark));
  for (const tiled of [tall, module]) {
    for (const name of runNamesByWatchfulness()) {
      try {
        const problem = goldenProblem(name, await hashRun(shortRun(name).config, tiled), 'mutant');
        if (problem !== undefined) return name;
      } catch {
        return name; // a number that is not finite: the run itself refused to go on
      }
    }
  }
  return (await dataSetHash(module)) === dataSet ? undefined : 'the synthetic data set';
}

describe('golden hashes', () => {
  test(
    'notice every arithmetic operation of the kernels that is turned into its opposite',
    async () => {
      const kernels = new Uint8Array(readFileSync(new URL('../../build/kernels.wasm', import.meta.url)));
      const dataSet = await dataSetHash(new WebAssembly.Module(kernels));
      const places = arithmeticIn(kernels);
      expect(places.length).toBeGreaterThan(500);
      const count = campaignSize({ ci: 12, long: places.length });
      const tried = Array.from({ length: count }, (_, i) => places[Math.floor((i * places.length) / count)]);
      const noticed = new Map<string, number>();
      const missed: string[] = [];
      for (const at of tried) {
        const mutant = kernels.slice();
        mutant[at] = opposites.get(kernels[at])!;
        const by = await noticedBy(mutant, dataSet);
        if (by === undefined) missed.push(`byte ${at} of build/kernels.wasm, 0x${kernels[at].toString(16)}`);
        else noticed.set(by, (noticed.get(by) ?? 0) + 1);
      }
      tellFigures('determinism, kernel mutants', {
        mutants: tried.length,
        missed: missed.length,
        'noticed by': JSON.stringify(Object.fromEntries(noticed)),
      });
      expect(missed).toEqual([]);
    },
    campaignTimeoutMs,
  );

  test.each([
    ['2 rows', []],
    ['4 rows', [tallTilesMark]],
  ])('notice nothing where nothing is changed, in tiles of %s', async (_, marks) => {
    const golden = goldenHashes();
    const { module } = loadKernelModule(undefined, marks);
    for (const name of watchfulRuns) {
      expect(
        goldenProblem(name, await hashRun(shortRun(name).config, module), golden.birth.kernels),
      ).toBeUndefined();
    }
  });
});
