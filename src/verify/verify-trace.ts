/** Runs a model through a golden trace: first pass, gradients, then training with a look at the weights on the way. */
import { type Comparison, compareToLargest, compareWeights, tolerances } from './compare.ts';
import type { GoldenTrace } from './golden-file.ts';
import type { CreateGoldenSubject } from './golden-subject.ts';

const absent: ArrayLike<number> = [];

/** @returns which engine ran and one comparison per golden tensor */
export function verifyTrace(
  trace: GoldenTrace,
  createSubject: CreateGoldenSubject,
): { engine: string; comparisons: Comparison[] } {
  const { shape, batchSize, rate, parameters, batches } = trace;
  const subject = createSubject({ shape, batchSize, rate, parameters });
  const comparisons: Comparison[] = [];

  const first = subject.forward(batches[0], [...trace.sites.keys()]);
  if (trace.queryLogits) {
    const id = { group: 'logits', tensor: 'queryLogits' };
    comparisons.push(compareToLargest(id, first.queryLogits, trace.queryLogits, tolerances.logits));
  }
  for (const [tensor, expected] of trace.sites) {
    const got = first.sites.get(tensor) ?? absent;
    comparisons.push(compareToLargest({ group: 'sites', tensor }, got, expected, tolerances.sites));
  }
  if (trace.gradients.size > 0) {
    const { gradients } = subject.lossAndGradients(batches[0]);
    for (const [tensor, expected] of trace.gradients) {
      const got = gradients.get(tensor) ?? absent;
      comparisons.push(compareToLargest({ group: 'gradients', tensor }, got, expected, tolerances.gradients));
    }
  }

  const losses: number[] = [];
  const weights: Comparison[] = [];
  for (const [step, batch] of batches.entries()) {
    losses.push(subject.trainStep(batch));
    weights.push(...weightsAfter(trace, step + 1, subject.parameters()));
  }
  if (trace.losses) {
    comparisons.push(
      compareToLargest({ group: 'losses', tensor: 'losses' }, losses, trace.losses, tolerances.losses),
    );
  }
  return { engine: subject.engine, comparisons: [...comparisons, ...weights] };
}

function weightsAfter(
  trace: GoldenTrace,
  steps: number,
  got: ReadonlyMap<string, ArrayLike<number>>,
): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const [tensor, expected] of trace.weightsAfter.get(steps) ?? []) {
    const id = { group: `weights after ${steps}`, tensor };
    const start = trace.parameters.get(tensor) ?? absent;
    const gradient = trace.gradients.get(tensor) ?? absent;
    comparisons.push(compareWeights(id, got.get(tensor) ?? absent, expected, start, gradient));
  }
  return comparisons;
}
