/** What `iclab bench` prints: one table for each shape, the engine variants side by side. */
import type { BenchResult, ShapeResult, VariantResult } from '../measure/bench.ts';
import { type TimedPart, timedParts } from '../measure/engine-bench.ts';
import { variantText } from '../measure/engine-variant.ts';
import { textTable } from './text-table.ts';

const explained: Readonly<Record<TimedPart, string>> = {
  sampling: 'draw a batch of sequences, look up their features',
  forward: 'embeddings and blocks',
  unembedding: 'pass 1: logits, exp, gradient of the hidden state',
  backward: 'blocks and embeddings',
  update: 'pass 2: gradient of the unembedding; Adam over everything',
  step: 'all of it',
  'Adam alone': 'over as many weights, part of update',
  evaluation: '32 sequences of an evaluator, all metrics',
};

export function benchText({ machine, rounds, shapes }: BenchResult): string {
  const { cpu, cores, memoryGibibytes, node, loadBefore, loadAfter, timings, disturbed } = machine;
  const head =
    `${cpu}, ${cores} cores, ${memoryGibibytes} GiB, Node ${node}; load ${loadBefore.toFixed(1)} before, ` +
    `${loadAfter.toFixed(1)} after; ${disturbedText(timings, disturbed)}\n`;
  return head + shapes.map((shape) => `\n${shapeText(shape, rounds)}`).join('');
}

function shapeText(result: ShapeResult, rounds: number): string {
  const { shape, text, parameters, batchSize, flopsPerStep, stepsPerRound, variants } = result;
  const head =
    `${shape} shape: ${text}; ${parameters.toLocaleString('en')} parameters, batch ${batchSize}, ` +
    `${(flopsPerStep / 1e6).toFixed(0)} MFLOP a step\n` +
    `milliseconds, median (lowest - highest median of ${rounds} rounds of ${stepsPerRound} steps; best)\n`;
  const line = (name: string, cell: (variant: VariantResult) => string, what = '') => [
    name,
    ...variants.map(cell),
    what,
  ];
  return (
    head +
    textTable([
      line('', variantText),
      ...timedParts.map((part) => line(part, ({ parts }) => spreadText(parts[part]), explained[part])),
      line('GFLOP/s', ({ gflops }) => gflops.toFixed(1), 'over the whole step'),
      line(
        'the product',
        ({ gemmPeakGflops }) => gemmPeakGflops.toFixed(1),
        'alone, in the cache, one thread',
      ),
      line('share of it', ({ shareOfPeak }) => `${(100 * shareOfPeak).toFixed(0)}%`, 'over all threads'),
      line('sequences/s', ({ sequencesPerSecond }) => whole(sequencesPerSecond), 'trained on'),
      line('evaluated/s', (variant) => whole(variant.evaluationSequencesPerSecond), 'sequences'),
      line('MiB', ({ residentMebibytes }) => whole(residentMebibytes), 'resident, all shapes together'),
    ])
  );
}

function spreadText({
  median,
  best,
  lowest,
  highest,
}: Record<'median' | 'best' | 'lowest' | 'highest', number>) {
  return `${median.toFixed(3)} (${lowest.toFixed(2)} - ${highest.toFixed(2)}; ${best.toFixed(2)})`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** `3 of 12 timings while others computed`. */
function disturbedText(timings: number, disturbed: number): string {
  return disturbed === 0
    ? `nobody else computed during any of ${timings} timings`
    : `others computed during ${disturbed} of ${timings} timings`;
}
