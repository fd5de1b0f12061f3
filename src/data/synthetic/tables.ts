/**
 * What the synthetic source computes once, before any feature vector: the spectrum of variances, the signs of the
 * rotation, the keys of its random streams. Shared by the fast generator and its reference.
 *
 * A feature vector is `offset + scale * R (class + sigma * exemplar) / sqrt(1 + sigma^2)`, class and exemplar normal
 * with variance `~ i^-alpha` along axis i (mean 1), and R the rotation `H D3 H D2 H D1`: H the Walsh-Hadamard matrix
 * over sqrt(dim), D diagonal matrices of random signs. Three rounds leave no trace of the axes (Yu et al. 2016,
 * "Orthogonal random features"), at the price of 3 dim log2(dim) additions.
 */
import { pow } from '../../engine/elementary.ts';
import { threefry2x32 } from '../../engine/threefry.ts';
import type { SyntheticSourceConfig } from './config.ts';

/** Features are stored as multiples of this, in units of `scale`, up to 127 of them: six standard deviations. */
export const quantisationStep = 6 / 127;

/** Numbers are part of what a source seed means: never change one. */
const streams = { classes: 1, exemplars: 2, signs: 3 };
/** Keeps these draws apart from those of the data layer, which may be given the same seed: "synt". */
const domain = 0x73796e74;

/** Everything a feature vector needs but its random numbers. */
export interface SyntheticTables {
  /** Per axis, signed as D1 says: what a standard normal over sqrt 2 is multiplied by, in quantisation steps. */
  readonly classAmplitudes: Float32Array;
  /** The same times sigma. */
  readonly exemplarAmplitudes: Float32Array;
  /** Sign bits (0 or 0x80000000) of D2, then D3. */
  readonly signs: Uint32Array;
  /** Threefry keys, two words each: the counter of a draw is (class, index). */
  readonly classKey: Uint32Array;
  readonly exemplarKey: Uint32Array;
}

function streamKey(seed: number, stream: number): Uint32Array {
  const key = new Uint32Array(2);
  threefry2x32(Math.floor(seed / 2 ** 32), seed >>> 0, domain, stream, key);
  return key;
}

/** `i^-alpha` for i = 1..dim, scaled to mean 1. */
export function powerLawVariances(dim: number, alpha: number): Float64Array {
  const variances = Float64Array.from({ length: dim }, (_, i) => pow(i + 1, -alpha));
  const sum = variances.reduce((total, variance) => total + variance, 0);
  return variances.map((variance) => (variance * dim) / sum);
}

/** `3 dim` sign bits: D1, D2, D3. */
function drawSigns(seed: number, dim: number): Uint32Array {
  const key = streamKey(seed, streams.signs);
  const signs = new Uint32Array(3 * dim);
  const words = new Uint32Array(2);
  for (let i = 0; i < signs.length; i++) {
    threefry2x32(key[0], key[1], 0, i, words);
    signs[i] = words[0] & 0x80000000;
  }
  return signs;
}

export function syntheticTables({ dim, alpha, sigma, seed }: SyntheticSourceConfig): SyntheticTables {
  const variances = powerLawVariances(dim, alpha);
  const signs = drawSigns(seed, dim);
  // The normalisation of the three transforms, sqrt 2 (see normal-draw) and the quantiser, all at once.
  const gain = Math.SQRT2 / (quantisationStep * dim * Math.sqrt(dim) * Math.sqrt(1 + sigma * sigma));
  const amplitudes = variances.map((variance, i) => (signs[i] ? -gain : gain) * Math.sqrt(variance));
  return {
    classAmplitudes: Float32Array.from(amplitudes),
    exemplarAmplitudes: Float32Array.from(amplitudes, (amplitude) => amplitude * sigma),
    signs: signs.slice(dim),
    classKey: streamKey(seed, streams.classes),
    exemplarKey: streamKey(seed, streams.exemplars),
  };
}
