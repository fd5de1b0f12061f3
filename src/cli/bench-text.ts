/** What `iclab bench` prints: one table for each shape, the engine variants side by side. */
import type { BenchResult, ShapeResult, VariantResult } from '../measure/bench.ts';
import { type TimedPart, timedParts } from '../measure/engine-bench.ts';
import { variantText } from '../measure/engine-variant.ts';
import type { Spread } from '../measure/statistics.ts';
import { textTable } from './text-table.ts';

const explained: Readonly<Record<TimedPart, string>> = {
  sampling: 'draw a batch of sequences, look up their features',
  forward: 'embeddings and blocks',
  unembedding: 'pass 1: logits, exp, gradient of the hidden state',
  backward: 'blocks and embeddings',
  update: 'pass 2: gradient of the unembedding; Adam over everything',
  step: 'all of it',
  'Adam alone': 'over as many weights, on one thread; part of update',
  evaluation: '32 sequences of an evaluator, all metrics',
};

export function benchText({ machine, rounds, shapes }: BenchResult): string {
  const { cpu, cores, memoryGibibytes, node, loadBefore, loadAfter, timings, disturbed } = machine;
  const head =
    `${cpu}, ${cores} cores, ${memoryGibibytes} GiB, Node ${node}; load ${loadBefore.toFixed(1)} before, ` +
    `${loadAfter.toFixed(1)} after; ${disturbedText(timings, disturbed)}\n`;
  return head + shapes.map((shape) => `\n${shapeText(shape, rounds)}`).join('') + `\n${legend()}`;
}

function legend(): string {
  return textTable([
    ...timedParts.map((part) => [part, explained[part]]),
    ['the product', 'the matrix product alone, in the cache, one thread, GFLOP/s'],
    ['all threads', 'the same on all threads at once'],
    ['share of it', 'of the product, as often as there are threads'],
    ['a second', 'sequences trained on, and evaluated'],
    ['MiB', 'resident, all shapes together'],
  ]);
}

function shapeText(result: ShapeResult, rounds: number): string {
  const { shape, text, parameters, batchSize, flopsPerStep, stepsPerRound, variants } = result;
  const head =
    `${shape} shape: ${text}; ${parameters.toLocaleString('en')} parameters, batch ${batchSize}, ` +
    `${(flopsPerStep / 1e6).toFixed(0)} MFLOP a step\n` +
    `milliseconds: median, best (medians of the rounds: ${rounds} of ${stepsPerRound} steps)\n`;
  const line = (name: string, cell: (variant: VariantResult) => string) => [name, ...variants.map(cell)];
  return (
    head +
    textTable([
      line('', variantText),
      ...timedParts.map((part) => line(part, ({ parts }) => spreadText(parts[part]))),
      line('GFLOP/s', ({ gflops }) => gflops.toFixed(1)),
      line('the product', ({ gemmPeakGflops }) => gemmPeakGflops.toFixed(1)),
      line('all threads', ({ threadsGflops }) => threadsGflops.toFixed(1)),
      line('share of it', ({ shareOfPeak }) => `${(100 * shareOfPeak).toFixed(0)}%`),
      line('a second', ({ sequencesPerSecond }) => whole(sequencesPerSecond)),
      line('evaluated', ({ evaluationSequencesPerSecond }) => whole(evaluationSequencesPerSecond)),
      line('MiB', ({ residentMebibytes }) => whole(residentMebibytes)),
    ])
  );
}

function spreadText({ median, best, lowest, highest }: Spread): string {
  return `${median.toFixed(2)}, ${best.toFixed(2)} (${lowest.toFixed(2)} - ${highest.toFixed(2)})`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** `others computed, or two threads had one core, during 3 of 12 timings`. */
function disturbedText(timings: number, disturbed: number): string {
  return disturbed === 0
    ? `nobody else computed during any of ${timings} timings, and each thread had a core`
    : `others computed, or two threads had one core, during ${disturbed} of ${timings} timings`;
}
