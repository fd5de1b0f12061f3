/** Looks up the features of a batch's exemplars, in the layout the engine reads. */
import type { ExemplarNoise } from './exemplar-noise.ts';
import type { ExemplarSource } from './exemplar-source.ts';
import type { SequenceBatch } from './sequence-batch.ts';

/** Which sequences of a batch to look up, and what to add to them. */
export interface FeatureOptions {
  /** First sequence of the batch; default 0. */
  readonly first?: number;
  /** How many sequences; default all from `first`. */
  readonly count?: number;
  /** Rows per place in `out`, at least `count` (the default); the lanes beyond are set to 0. */
  readonly lanes?: number;
  /** Default: none. */
  readonly noise?: ExemplarNoise | undefined;
}

/**
 * Fills `out`, shape `[contextPairs + 1, lanes, dim]`: place by place, each place's sequences next to each other
 * (row = place * lanes + sequence).
 * @throws {RangeError} when sequences, lanes or `out` do not fit.
 */
export function fillFeatures(
  source: ExemplarSource,
  batch: SequenceBatch,
  out: Float32Array | Float64Array,
  { first = 0, count = batch.size - first, lanes = count, noise }: FeatureOptions = {},
): void {
  const { dim } = source;
  const places = batch.contextPairs + 1;
  if (
    first < 0 ||
    count < 0 ||
    first + count > batch.size ||
    lanes < count ||
    out.length < places * lanes * dim
  ) {
    throw new RangeError(
      `features: sequences ${first}..${first + count} of ${batch.size} in ${lanes} lanes of ${places} places of ` +
        `${dim} numbers do not fit an array of ${out.length}`,
    );
  }
  for (let lane = 0; lane < count; lane++) {
    const sequence = first + lane;
    noise?.startSequence(batch.firstSequence + sequence);
    for (let place = 0; place < places; place++) {
      const cell = sequence * places + place;
      const at = (place * lanes + lane) * dim;
      source.copyFeatures(batch.classes[cell], batch.exemplars[cell], out, at);
      noise?.addTo(out, at, dim);
    }
  }
  if (count === lanes) return;
  for (let place = 0; place < places; place++) {
    out.fill(0, (place * lanes + count) * dim, (place + 1) * lanes * dim);
  }
}
