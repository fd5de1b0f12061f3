/** Where the correct label stands in a context, and on which side of it each pair is. */
import type { SequenceBatch } from '../data/sequence-batch.ts';

/** The label token of a pair: tokens are exemplar, label, exemplar, label, ..., query. */
export function labelToken(pair: number): number {
  return 2 * pair + 1;
}

/**
 * The first pair whose label is the query's correct one, 0 for the first of all; undefined where none is (the authors'
 * `correct_ind`). Of a Flip sequence it is the pair that ICL would choose.
 */
export function correctPair({ contextPairs, labels }: SequenceBatch, sequence: number): number | undefined {
  const at = sequence * (contextPairs + 1);
  const correct = labels[at + contextPairs];
  for (let pair = 0; pair < contextPairs; pair++) if (labels[at + pair] === correct) return pair;
  return undefined;
}

/**
 * For each pair +1 where its label is the correct one, else -1; undefined unless there are pairs of both kinds, for only
 * then can a query choose.
 */
export function pairSigns({ contextPairs, labels }: SequenceBatch, sequence: number): number[] | undefined {
  const at = sequence * (contextPairs + 1);
  const correct = labels[at + contextPairs];
  const signs = Array.from({ length: contextPairs }, (_, pair) => (labels[at + pair] === correct ? 1 : -1));
  return signs.includes(1) && signs.includes(-1) ? signs : undefined;
}
