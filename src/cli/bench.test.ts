import { expect, test } from 'vitest';
import { type TimedPart, timedParts } from '../measure/engine-bench.ts';
import type { Spread } from '../measure/statistics.ts';
import { benchText } from './bench-text.ts';
import { runCommandLine } from './testing.ts';

test('counts that are none', async () => {
  const { code, stderr } = await runCommandLine(['bench', '--rounds', '0']);
  expect([code, stderr]).toEqual([64, 'iclab: --rounds: expected an integer from 1 to 999999; got "0"\n']);
  expect((await runCommandLine(['bench', '--steps', '1e9'])).code).toBe(64);
  expect((await runCommandLine(['bench', '--patience', '-'])).stderr).toBe(
    'iclab: --patience: expected whole seconds, from 0 to 9999; got "-"\n',
  );
});

test('variants that are none', async () => {
  const line = async (...words: string[]) => (await runCommandLine(['bench', ...words])).stderr;
  expect(await line('--threads', '1,65')).toBe(
    'iclab: --threads: expected an integer from 1 to 64; got "1,65"\n',
  );
  expect(await line('--vectors', '512')).toBe('iclab: --vectors: expected 128, 256 or 128,256; got "512"\n');
});

test('JSON: one object, and nothing else on stdout', { timeout: 120_000 }, async () => {
  const words = ['bench', '--shape', 'paper', '--rounds', '1', '--steps', '1', '--patience', '0', '--json'];
  words.push('--threads', '1', '--vectors', '128', '--total-patience', '0');
  const { code, stdout, stderr } = await runCommandLine(words);
  expect([code, stderr]).toEqual([0, '']);
  const { machine, rounds, shapes } = JSON.parse(stdout) as Record<string, unknown>;
  expect(machine).toMatchObject({ node: process.version });
  expect(rounds).toBe(1);
  expect(shapes).toMatchObject([
    { shape: 'paper', stepsPerRound: 3, variants: [{ threads: 1, vectorBits: 128 }] },
  ]);
});

test('the table: variants side by side', () => {
  const times: Spread = { median: 2, best: 1, lowest: 1.5, highest: 3 };
  const parts = Object.fromEntries(timedParts.map((part) => [part, times])) as Record<TimedPart, Spread>;
  const variant = {
    threads: 1,
    vectorBits: 128,
    parts,
    gflops: 50,
    gemmPeakGflops: 60,
    threadsGflops: 60,
    shareOfPeak: 5 / 6,
    sequencesPerSecond: 16_000,
    evaluationSequencesPerSecond: 16_000,
    residentMebibytes: 1100,
  } as const;
  const text = benchText({
    machine: {
      cpu: 'CPU',
      cores: 2,
      memoryGibibytes: 8,
      node: 'v26',
      loadBefore: 0,
      loadAfter: 1.25,
      timings: 6,
      disturbed: 2,
    },
    rounds: 3,
    shapes: [
      {
        shape: 'paper',
        text: '2 layers',
        parameters: 1_719_232,
        batchSize: 32,
        flopsPerStep: 100e6,
        stepsPerRound: 150,
        variants: [variant, { ...variant, threads: 2, vectorBits: 256 }],
      },
    ],
  });
  expect(text).toMatchInlineSnapshot(`
    "CPU, 2 cores, 8 GiB, Node v26; load 0.0 before, 1.3 after; others computed, or two threads had one core, during 2 of 6 timings

    paper shape: 2 layers; 1,719,232 parameters, batch 32, 100 MFLOP a step
    milliseconds: median, best (medians of the rounds: 3 of 150 steps)
                 1 thread, 128 bits        2 threads, 256 bits
    sampling     2.00, 1.00 (1.50 - 3.00)  2.00, 1.00 (1.50 - 3.00)
    forward      2.00, 1.00 (1.50 - 3.00)  2.00, 1.00 (1.50 - 3.00)
    unembedding  2.00, 1.00 (1.50 - 3.00)  2.00, 1.00 (1.50 - 3.00)
    backward     2.00, 1.00 (1.50 - 3.00)  2.00, 1.00 (1.50 - 3.00)
    update       2.00, 1.00 (1.50 - 3.00)  2.00, 1.00 (1.50 - 3.00)
    step         2.00, 1.00 (1.50 - 3.00)  2.00, 1.00 (1.50 - 3.00)
    Adam alone   2.00, 1.00 (1.50 - 3.00)  2.00, 1.00 (1.50 - 3.00)
    evaluation   2.00, 1.00 (1.50 - 3.00)  2.00, 1.00 (1.50 - 3.00)
    GFLOP/s      50.0                      50.0
    the product  60.0                      60.0
    all threads  60.0                      60.0
    share of it  83%                       83%
    a second     16,000                    16,000
    evaluated    16,000                    16,000
    MiB          1,100                     1,100

    sampling     draw a batch of sequences, look up their features
    forward      embeddings and blocks
    unembedding  pass 1: logits, exp, gradient of the hidden state
    backward     blocks and embeddings
    update       pass 2: gradient of the unembedding; Adam over everything
    step         all of it
    Adam alone   over as many weights, on one thread; part of update
    evaluation   32 sequences of an evaluator, all metrics
    the product  the matrix product alone, in the cache, one thread, GFLOP/s
    all threads  the same on all threads at once
    share of it  of the product, as often as there are threads
    a second     sequences trained on, and evaluated
    MiB          resident, all shapes together
    "
  `);
});
