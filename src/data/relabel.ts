/** Which label stands at each place of one sequence, and the query's correct one (docs/specification.md, "Data"). */
import type { CounterRandom } from '../engine/counter-random.ts';
import { placeKinds, type SequenceBatch } from './sequence-batch.ts';
import type { SequenceDistribution } from './sequence-distribution.ts';

/**
 * Gives every place its class's own label, then relabels by kind of place: a rest place keeps its class's label even
 * where it happens to show the query's class.
 * @param labels number of labels `pair` draws from
 * @param at first cell of the sequence in the batch's arrays; classes and kinds are filled already
 */
export function fillLabels(
  random: CounterRandom,
  distribution: SequenceDistribution,
  labels: number,
  batch: SequenceBatch,
  at: number,
): void {
  const queryAt = at + batch.contextPairs;
  for (let cell = at; cell <= queryAt; cell++) batch.labels[cell] = batch.classes[cell];
  switch (distribution.relabel) {
    case 'none':
      break;
    case 'pair': {
      const queryLabel = random.below(labels);
      const other = random.below(labels - 1);
      assign(batch, at, queryLabel, other < queryLabel ? other : other + 1);
      break;
    }
    case 'zeroOne': {
      const queryLabel = random.below(2);
      assign(batch, at, queryLabel, 1 - queryLabel);
      break;
    }
    case 'flip': {
      let distractorAt = at;
      while (batch.kinds[distractorAt] !== placeKinds.distractor) distractorAt++;
      assign(batch, at, batch.classes[distractorAt], batch.classes[queryAt]);
      break;
    }
  }
  if (distribution.queryLabelInContext) {
    batch.labels[at + random.below(batch.contextPairs)] = batch.labels[queryAt];
  }
}

/** Burst places and the query show one label, distractor places the other. */
function assign(batch: SequenceBatch, at: number, queryLabel: number, distractorLabel: number): void {
  const { kinds, labels } = batch;
  for (let cell = at; cell <= at + batch.contextPairs; cell++) {
    if (kinds[cell] === placeKinds.distractor) labels[cell] = distractorLabel;
    else if (kinds[cell] !== placeKinds.rest) labels[cell] = queryLabel;
  }
}
