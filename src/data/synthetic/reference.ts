/**
 * The synthetic source, one number at a time: the specification of assembly/synthetic.ts and assembly/random.ts,
 * which must give the same bytes. Every operation is rounded to float32, in a fixed order, and is one that IEEE 754
 * fixes exactly, so the data set is the same on any machine.
 */
import { threefry2x32 } from '../../engine/threefry.ts';
import type { SyntheticSourceConfig } from './config.ts';
import { syntheticTables } from './tables.ts';

const { fround } = Math;
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Horner's rule in float32, highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => fround(fround(sum * x) + fround(coefficient)));
}

/** Cephes' logf on [sqrt 1/2, sqrt 2): (log(1 + f) - f + f^2 / 2) / f^3. */
const logCoefficients = [
  fround(7.0376836292e-2),
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
];

/** -log(t) for t in (0, 1]. */
function negativeLog(t: number): number {
  float[0] = t;
  const exponent = (bits[0] - 0x3f3504f3) >> 23;
  bits[0] -= exponent << 23;
  const f = fround(float[0] - 1);
  const square = fround(f * f);
  const cubic = fround(fround(f * square) * polynomial(logCoefficients, f));
  const tail = fround(cubic - fround(square * 0.5));
  return -fround(fround(f + tail) + fround(exponent * fround(Math.LN2)));
}

/** M. Giles' single-precision polynomials of erfinv(u) / u in w = -log(1 - u^2). */
const central = [
  fround(2.81022636e-8),
  3.43273939e-7,
  -3.5233877e-6,
  -4.39150654e-6,
  0.00021858087,
  -0.00125372503,
  -0.00417768164,
  0.246640727,
  1.50140941,
];
const outer = [
  fround(-0.000200214257),
  0.000100950558,
  0.00134934322,
  -0.00367342844,
  0.00573950773,
  -0.0076224613,
  0.00943887047,
  1.00167406,
  2.83297682,
];

/** A standard normal number over sqrt 2, from the upper 24 of 32 random bits. */
export function normalDraw(word: number): number {
  const u = fround(fround((word >> 8) + 0.5) * 2 ** -23);
  const w = negativeLog(fround(fround(1 - u) * fround(1 + u)));
  const ratio =
    w < 5 ? polynomial(central, fround(w - 2.5)) : polynomial(outer, fround(fround(Math.sqrt(w)) - 3));
  return fround(ratio * u);
}

/** Walsh-Hadamard transform in place, not normalised. */
function walshHadamard(x: Float32Array): void {
  for (let distance = 1; distance < x.length; distance *= 2) {
    for (let i = 0; i < x.length; i++) {
      if (i & distance) continue;
      const a = x[i];
      const b = x[i + distance];
      x[i] = a + b;
      x[i + distance] = a - b;
    }
  }
}

/** Normal draws of one vector: block j of the stream gives elements j and j + dim / 2. */
function drawVector(key: Uint32Array, classIndex: number, vector: number, dim: number): Float32Array {
  const half = dim / 2;
  const out = new Float32Array(dim);
  const words = new Int32Array(2);
  const unsigned = new Uint32Array(words.buffer);
  for (let j = 0; j < half; j++) {
    threefry2x32(key[0], key[1], classIndex, vector * half + j, unsigned);
    out[j] = normalDraw(words[0]);
    out[j + half] = normalDraw(words[1]);
  }
  return out;
}

/** The stored bytes of one class, `[exemplars, dim]`: (feature - offset) / scale in quantisation steps. */
export function syntheticClassReference(config: SyntheticSourceConfig, classIndex: number): Int8Array {
  const { dim, exemplars } = config;
  const { classAmplitudes, exemplarAmplitudes, signs, classKey, exemplarKey } = syntheticTables(config);
  const out = new Int8Array(exemplars * dim);
  const center = drawVector(classKey, classIndex, 0, dim).map((draw, i) => draw * classAmplitudes[i]);
  for (let exemplar = 0; exemplar < exemplars; exemplar++) {
    const noise = drawVector(exemplarKey, classIndex, exemplar, dim);
    const x = center.map((value, i) => value + fround(noise[i] * exemplarAmplitudes[i]));
    for (let round = 0; round < 3; round++) {
      if (round > 0) for (let i = 0; i < dim; i++) if (signs[(round - 1) * dim + i]) x[i] = -x[i];
      walshHadamard(x);
    }
    for (let i = 0; i < dim; i++) {
      const clipped = Math.max(-127, Math.min(127, x[i]));
      out[exemplar * dim + i] = fround(clipped + 12582912) - 12582912; // nearest, ties to even
    }
  }
  return out;
}
