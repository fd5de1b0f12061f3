/**
 * Random numbers as JAX 0.4 draws them (threefry2x32, `jax_threefry_partitionable` off), so that a seed means here
 * what it means in the papers' released code. Keys, bits and uniform numbers are equal bit for bit; normal and
 * truncated normal ones follow XLA's single-precision formulas and agree to a few float32 rounding errors. XLA
 * contracts multiply-add on the CPU, so here `fround(c + a * b)` rounds once: a float64 holds the sum.
 * Data order does not use this: see `counter-random.ts`.
 */
import { log1p } from './elementary.ts';
import { threefry2x32 } from './threefry.ts';

/** A JAX key: two unsigned 32-bit words, never changed once made. */
export type JaxKey = Uint32Array;

const { fround } = Math;
const sqrt2 = fround(Math.SQRT2);
/** erf(sqrt 2) in float32: the uniform bound of a normal cut at two standard deviations. */
const erfSqrt2 = fround(0.9544997361036416);
/** The float32 numbers next to -1 and to +-2, on the side of zero. */
const aboveMinusOne = -0.999999940395355224609375;
const belowTwo = 1.99999988079071044921875;

/** `jax.random.PRNGKey(seed)`. @param seed a safe integer >= 0; JAX without x64 takes them below 2^32 only. */
export function prngKey(seed: number): JaxKey {
  return Uint32Array.of(Math.floor(seed / 2 ** 32), seed >>> 0);
}

/** `n` uniform 32-bit integers. Counters i and i + ceil(n/2) share one block; an odd n pads the counters with 0. */
export function randomBits(key: JaxKey, n: number): Uint32Array {
  const half = Math.ceil(n / 2);
  const bits = new Uint32Array(n);
  const words = new Uint32Array(2);
  for (let i = 0; i < half; i++) {
    const second = half + i;
    threefry2x32(key[0], key[1], i, second < n ? second : 0, words);
    bits[i] = words[0];
    if (second < n) bits[second] = words[1];
  }
  return bits;
}

/** `jax.random.split(key, n)`: n independent keys. */
export function split(key: JaxKey, n = 2): JaxKey[] {
  const bits = randomBits(key, 2 * n);
  return Array.from({ length: n }, (_, i) => bits.slice(2 * i, 2 * i + 2));
}

/** `n` float32 numbers uniform in [low, high), with 23 random bits each. */
export function uniform(key: JaxKey, n: number, low = 0, high = 1): Float32Array {
  const minimum = fround(low);
  const range = fround(fround(high) - minimum);
  const bits = randomBits(key, n);
  const out = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    // The multiples of 2^-23 in [0, 1) are exact in float32, so this equals JAX's (bits in the mantissa) - 1.
    const unit = (bits[i] >>> 9) * 2 ** -23;
    out[i] = Math.max(minimum, fround(unit * range + minimum));
  }
  return out;
}

/** XLA's single-precision inverse error function (M. Giles, "Approximating the erfinv function"); x float32, |x| < 1. */
export function inverseErf(x: number): number {
  let w = -fround(log1p(fround(x * -x)));
  let p: number;
  if (w < 5) {
    w = fround(w - 2.5);
    p = fround(2.81022636e-8);
    p = fround(fround(3.43273939e-7) + p * w);
    p = fround(fround(-3.5233877e-6) + p * w);
    p = fround(fround(-4.39150654e-6) + p * w);
    p = fround(fround(0.00021858087) + p * w);
    p = fround(fround(-0.00125372503) + p * w);
    p = fround(fround(-0.00417768164) + p * w);
    p = fround(fround(0.246640727) + p * w);
    p = fround(fround(1.50140941) + p * w);
  } else {
    w = fround(fround(Math.sqrt(w)) - 3);
    p = fround(-0.000200214257);
    p = fround(fround(0.000100950558) + p * w);
    p = fround(fround(0.00134934322) + p * w);
    p = fround(fround(-0.00367342844) + p * w);
    p = fround(fround(0.00573950773) + p * w);
    p = fround(fround(-0.0076224613) + p * w);
    p = fround(fround(0.00943887047) + p * w);
    p = fround(fround(1.00167406) + p * w);
    p = fround(fround(2.83297682) + p * w);
  }
  return fround(p * x);
}

/** `n` standard normal numbers (`jax.random.normal`). */
export function normal(key: JaxKey, n: number): Float32Array {
  const out = uniform(key, n, aboveMinusOne, 1);
  for (let i = 0; i < n; i++) out[i] = sqrt2 * inverseErf(out[i]);
  return out;
}

/** `n` standard normal numbers kept within two standard deviations (`jax.random.truncated_normal(key, -2, 2)`). */
export function truncatedNormal(key: JaxKey, n: number): Float32Array {
  const out = uniform(key, n, -erfSqrt2, erfSqrt2);
  for (let i = 0; i < n; i++) {
    out[i] = Math.min(belowTwo, Math.max(-belowTwo, fround(sqrt2 * inverseErf(out[i]))));
  }
  return out;
}
