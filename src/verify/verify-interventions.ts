/** Runs a model under every setting of a golden file of interventions: logits, losses and gradients. */
import { type Comparison, compareToLargest, tolerances } from './compare.ts';
import type { GoldenInterventions, GoldenSetting } from './golden-interventions.ts';
import type { CreateGoldenSubject } from './golden-subject.ts';

const absent: ArrayLike<number> = [];

/** @returns which engine ran and one comparison per golden tensor */
export function verifyInterventions(
  { shape, batch, parameters, donor, settings }: GoldenInterventions,
  createSubject: CreateGoldenSubject,
): { engine: string; comparisons: Comparison[] } {
  const comparisons: Comparison[] = [];
  let engine = '';
  for (const setting of settings) {
    const { name, interventions, loss, gradients } = setting;
    const subject = createSubject({
      shape,
      batchSize: batch.size,
      rate: 1e-3,
      parameters,
      intervened: { interventions, donor },
    });
    engine = subject.engine;
    const { queryLogits } = subject.forward(batch, []);
    const compare = (group: string, tensor: string, got: ArrayLike<number>, expected: ArrayLike<number>) =>
      comparisons.push(
        compareToLargest({ group, tensor: `${name} ${tensor}` }, got, expected, tolerances.interventions),
      );
    compareLogits(setting, batch.labels, shape, queryLogits, compare);
    if (loss === undefined) continue;
    const got = subject.lossAndGradients(batch);
    compare('losses', 'loss', [got.loss], [loss]);
    for (const [tensor, expected] of gradients)
      compare('gradients', tensor, got.gradients.get(tensor) ?? absent, expected);
  }
  return { engine, comparisons };
}

function compareLogits(
  { queryLogits, contextLogits }: GoldenSetting,
  labels: Int32Array,
  { labels: labelCount, contextPairs }: GoldenInterventions['shape'],
  got: ArrayLike<number>,
  compare: (group: string, tensor: string, got: ArrayLike<number>, expected: ArrayLike<number>) => void,
): void {
  if (!contextLogits) {
    compare('logits', 'queryLogits', got, queryLogits);
    return;
  }
  // All other logits are -1e9 there, beside which an error of these would not show.
  const inContext = Float64Array.from(contextLogits, (_, i) => {
    const sequence = Math.floor(i / contextPairs);
    const label = labels[sequence * (contextPairs + 1) + (i % contextPairs)];
    return got[sequence * labelCount + label];
  });
  compare('logits', 'contextLogits', inContext, contextLogits);
}
