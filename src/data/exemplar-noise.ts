/**
 * Gaussian noise added to exemplars when their features are looked up (docs/specification.md, "Data"): every place of
 * every sequence gets noise of its own, drawn afresh each time an exemplar is shown. A pure function of
 * (seed, sequence number, place, component), so a resumed run sees the same.
 */
import { CounterRandom } from '../engine/counter-random.ts';
import { inverseErf } from '../engine/jax-random.ts';

export class ExemplarNoise {
  readonly sigma: number;
  readonly #random: CounterRandom;

  /**
   * @param sigma standard deviation in units of the features, > 0
   * @param stream see `random-streams.ts`
   */
  constructor(sigma: number, seed: number, stream: number) {
    this.sigma = sigma;
    this.#random = new CounterRandom(seed, stream);
  }

  /** Goes to the first place of a sequence; `addTo` then serves its places in order. */
  startSequence(sequence: number): void {
    this.#random.start(sequence);
  }

  /** Adds noise to the features of the next place, `features[at .. at + dim)`. */
  addTo(features: Float32Array | Float64Array, at: number, dim: number): void {
    const scale = this.sigma * Math.SQRT2;
    for (let i = at; i < at + dim; i++) {
      // The odd multiples of 2^-24 in (-1, 1): symmetric, exact in float32, never +-1.
      const uniform = ((this.#random.bits() >>> 8) + 0.5) * 2 ** -23 - 1;
      features[i] += scale * inverseErf(uniform);
    }
  }
}
