import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runBench, variantResult } from './bench.ts';
import { type RoundTimes, type TimedPart, timedParts } from './engine-bench.ts';
import {
  engineVariants,
  threadCounts,
  variantFromWords,
  variantText,
  variantWords,
} from './engine-variant.ts';
import { physicalCores } from '../runs/threads/physical-cores.ts';
import { VariantProcess } from './variant-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A round in which every part took as long. */
function round(milliseconds: number, gemmPeakGflops: number): RoundTimes {
  const times = { best: milliseconds, median: milliseconds };
  const parts = Object.fromEntries(timedParts.map((part) => [part, times])) as Record<
    TimedPart,
    typeof times
  >;
  return { parts, gemmPeakGflops, threadsGflops: 2 * gemmPeakGflops, residentMebibytes: 100 };
}

test('rates follow from the median round, the peak from the best one, its share from all threads', () => {
  const rounds = [round(4, 40), round(2, 50), round(3, 30)];
  const result = variantResult({ threads: 2, vectorBits: 128 }, rounds, 150e6, 32);
  expect(result.parts.step).toEqual({ median: 3, best: 2, lowest: 2, highest: 4 });
  expect(result.gflops).toBeCloseTo(50);
  expect(result.gemmPeakGflops).toBe(50);
  expect(result.threadsGflops).toBe(100);
  expect(result.shareOfPeak).toBeCloseTo(0.5);
  expect(result.sequencesPerSecond).toBeCloseTo(32_000 / 3);
  expect(result.evaluationSequencesPerSecond).toBeCloseTo(32_000 / 3);
});

test('the plain variant comes first; a variant survives a command line', () => {
  const variants = engineVariants();
  expect(variantText(variants[0])).toBe('1 thread, 128 bits');
  for (const variant of variants) expect(variantFromWords(variantWords(variant))).toEqual(variant);
});

test('only those asked for', () => {
  expect(engineVariants({ threads: [3], vectors: [128] })).toEqual([{ threads: 3, vectorBits: 128 }]);
  expect(engineVariants({ vectors: [128] }).map(({ threads }) => threads)).toEqual(
    threadCounts(physicalCores()),
  );
});

test('patience ends for all timings together too', async () => {
  const result = await runBench(
    {
      shapes: ['paper'],
      variants: [{ threads: 1, vectorBits: 128 }],
      rounds: 2,
      steps: 1,
      patienceMs: 3_600_000,
      totalPatienceMs: 100,
      isQuiet: () => new Promise((resolve) => setTimeout(() => resolve(false), 20)),
    },
    () => undefined,
  );
  expect(result.machine).toMatchObject({ timings: 2, disturbed: 2 });
}, 120_000);

test('thread counts: powers of two up to the cores, and the cores', () => {
  expect([1, 2, 3, 6, 8, 64].map(threadCounts)).toEqual([
    [1],
    [1, 2],
    [1, 2, 3],
    [1, 2, 4, 6],
    [1, 2, 4, 8],
    [1, 2, 4, 8],
  ]);
});

test('every part of every shape asked for is measured, in processes of their own', {
  timeout: 120_000,
}, async () => {
  const told: string[] = [];
  const variants = engineVariants();
  const result = await runBench({ shapes: ['paper'], variants, rounds: 1, steps: 2, patienceMs: 0 }, (what) =>
    told.push(what),
  );
  expect(told).toEqual(['preparing paper', 'round 1 of 1']);
  expect(result.machine.timings).toBe(variants.length);
  expect(result.shapes.map(({ shape, parameters }) => [shape, parameters])).toEqual([['paper', 1_719_232]]);
  expect(result.shapes[0].variants).toHaveLength(variants.length);
  for (const variant of result.shapes[0].variants) {
    for (const part of timedParts) expect(variant.parts[part].best, part).toBeGreaterThan(0);
    const { sampling, forward, unembedding, backward, update, step } = variant.parts;
    const phases = sampling.best + forward.best + unembedding.best + backward.best + update.best;
    expect(phases).toBeLessThanOrEqual(step.best);
    expect(variant.gemmPeakGflops).toBeGreaterThan(0);
    expect(variant.threadsGflops).toBeGreaterThan(0);
  }
});

test('a process that ends is an error, not a wait', async () => {
  const program = join(folder, 'ends.mjs');
  writeFileSync(program, `process.on('message', () => process.exit(3));`);
  const ended = new VariantProcess({ threads: 1, vectorBits: 128 }, program);
  const message =
    'bench: the process that measures "1 thread, 128 bits" ended before it answered (exit code 3); see its own words above, or measure less (--shape)';
  await expect(ended.measure('paper', 1)).rejects.toThrow(message);
  await expect(ended.measure('paper', 1)).rejects.toThrow(message);
});
