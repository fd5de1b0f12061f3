/** Copies the labels of a batch of sequences into a model's input. */
import type { SequenceBatch } from '../data/sequence-batch.ts';
import type { Transformer } from './transformer.ts';

/** Sequences `first .. first + count` go to lanes 0 .. count - 1; lanes beyond get label 0. */
export function loadLabels(model: Transformer, batch: SequenceBatch, first: number, count: number): void {
  const { contextPairs } = batch;
  const { lanes } = model.layout;
  const { contextLabels, targets } = model.input;
  model.input.size = count;
  for (let lane = 0; lane < lanes; lane++) {
    const at = (first + lane) * (contextPairs + 1);
    const inside = lane < count;
    for (let pair = 0; pair < contextPairs; pair++) {
      contextLabels[pair * lanes + lane] = inside ? batch.labels[at + pair] : 0;
    }
    targets[lane] = inside ? batch.labels[at + contextPairs] : 0;
  }
}
