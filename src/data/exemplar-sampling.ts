/** Which exemplar of its class stands at each place of one sequence (docs/specification.md, "Data"). */
import type { CounterRandom } from '../engine/counter-random.ts';
import { placeKinds, type SequenceBatch } from './sequence-batch.ts';

/**
 * Draws uniformly with replacement from exemplars 0 .. exemplars - 1, place by place. With `match`, all burst places
 * and the query show one exemplar and all distractor places another (drawn apart, so it may have the same number).
 * @param at first cell of the sequence in the batch's arrays
 */
export function fillExemplars(
  random: CounterRandom,
  exemplars: number,
  match: boolean,
  batch: SequenceBatch,
  at: number,
): void {
  const end = at + batch.contextPairs + 1;
  if (!match) {
    for (let cell = at; cell < end; cell++) batch.exemplars[cell] = random.below(exemplars);
    return;
  }
  const queryExemplar = random.below(exemplars);
  const distractorExemplar = random.below(exemplars);
  for (let cell = at; cell < end; cell++) {
    const kind = batch.kinds[cell];
    if (kind === placeKinds.rest) batch.exemplars[cell] = random.below(exemplars);
    else batch.exemplars[cell] = kind === placeKinds.distractor ? distractorExemplar : queryExemplar;
  }
}
