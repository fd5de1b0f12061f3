/**
 * Draws from a discrete distribution in O(1): Walker's alias method, built as in Vose (1991). Each column holds one
 * outcome's remaining probability and the outcome that fills the column up.
 */
import type { CounterRandom } from '../engine/counter-random.ts';

export class AliasTable {
  readonly #keep: Float64Array;
  readonly #alias: Uint32Array;

  /** @param weights finite and > 0; they need not sum to 1. */
  constructor(weights: Float64Array) {
    const count = weights.length;
    let total = 0;
    for (const weight of weights) total += weight;
    const keep = new Float64Array(count);
    const alias = new Uint32Array(count);
    // One array holds both stacks: columns below 1 grow from the left, the others from the right.
    const columns = new Uint32Array(count);
    let small = 0;
    let large = count;
    for (let i = 0; i < count; i++) {
      keep[i] = (weights[i] / total) * count;
      alias[i] = i;
      if (keep[i] < 1) columns[small++] = i;
      else columns[--large] = i;
    }
    while (small > 0 && large < count) {
      const less = columns[--small];
      const more = columns[large];
      alias[less] = more;
      keep[more] -= 1 - keep[less];
      if (keep[more] < 1) {
        large++;
        columns[small++] = more;
      }
    }
    // Only rounding keeps the columns that are left from being exactly full.
    while (small > 0) keep[columns[--small]] = 1;
    while (large < count) keep[columns[large++]] = 1;
    this.#keep = keep;
    this.#alias = alias;
  }

  /** Index of the drawn weight. */
  draw(random: CounterRandom): number {
    const column = random.below(this.#keep.length);
    return random.uniform() < this.#keep[column] ? column : this.#alias[column];
  }
}
