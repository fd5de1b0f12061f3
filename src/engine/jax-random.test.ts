import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors, tensorNumbers } from '../formats/safetensors.ts';
import { inverseErf, normal, prngKey, randomBits, split, truncatedNormal, uniform } from './jax-random.ts';

const file = 'jax-init-seed5.safetensors';
const golden = readSafetensors(readFileSync(new URL(`../../test/golden/${file}`, import.meta.url)), file);

function expected(name: string): ArrayLike<number> {
  const tensor = golden.tensors.get(`random.${name}`);
  if (!tensor) throw new Error(`no random.${name}`);
  return tensorNumbers(tensor, file, name);
}

/** The golden README's measure for normals: relative error per element. */
function largestRelativeError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  return Array.from(wanted, (value, i) => Math.abs(got[i] - value) / Math.abs(value)).reduce((a, b) =>
    Math.max(a, b),
  );
}

describe('draws from PRNGKey(5)', () => {
  const key = prngKey(5);

  it('equal JAX in keys, bits and uniform numbers', () => {
    expect([...key]).toEqual(Array.from(expected('key')));
    expect(split(key, 3).flatMap((part) => [...part])).toEqual(Array.from(expected('split3')));
    expect([...randomBits(key, 7)]).toEqual(Array.from(expected('bits7')));
    expect([...uniform(key, 7)]).toEqual(Array.from(expected('uniform7')));
  });

  it('equal JAX to 1e-6 in normal numbers', () => {
    expect(largestRelativeError(normal(key, 7), expected('normal7'))).toBeLessThan(1e-6);
    expect(largestRelativeError(normal(key, 6), expected('normal_2x3'))).toBeLessThan(1e-6);
    expect(largestRelativeError(truncatedNormal(key, 7), expected('truncatedNormal7'))).toBeLessThan(1e-6);
  });
});

describe('random numbers', () => {
  it('splits seeds of more than 32 bits over both words', () => {
    expect([...prngKey(2 ** 32 + 7)]).toEqual([1, 7]);
    expect([...prngKey(0xffffffff)]).toEqual([0, 0xffffffff]);
  });

  it('handles no draw and one draw', () => {
    expect(randomBits(prngKey(0), 0)).toHaveLength(0);
    expect(randomBits(prngKey(0), 1)[0]).toBe(0x6b200159);
    expect(split(prngKey(1))).toHaveLength(2);
  });

  it('stays within the bounds and has the moments of its distribution', () => {
    const n = 40000;
    const mean = (values: Float32Array, f: (x: number) => number) =>
      values.reduce((sum, x) => sum + f(x), 0) / n;
    const flat = uniform(prngKey(1), n, -3, -1);
    expect(flat.every((x) => x >= -3 && x < -1)).toBe(true);
    expect(Math.abs(mean(flat, (x) => x) + 2)).toBeLessThan(0.02);
    const bell = normal(prngKey(2), n);
    expect(Math.abs(mean(bell, (x) => x))).toBeLessThan(0.03);
    expect(Math.abs(mean(bell, (x) => x * x) - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(bell, (x) => x ** 4) - 3)).toBeLessThan(0.3);
    const cut = truncatedNormal(prngKey(3), n);
    expect(cut.every((x) => Math.abs(x) < 2)).toBe(true);
    expect(Math.abs(mean(cut, (x) => x * x) - 0.87962566 ** 2)).toBeLessThan(0.02);
  });

  it('inverts the error function in both branches', () => {
    // erfinv(0.5), erfinv(0.999), erfinv(-0.99999).
    expect(inverseErf(0)).toBe(0);
    expect(inverseErf(0.5)).toBeCloseTo(0.4769362762044699, 6);
    expect(inverseErf(Math.fround(0.999))).toBeCloseTo(2.326753765513525, 4);
    expect(inverseErf(Math.fround(-0.99999))).toBeCloseTo(-3.123413274340875, 3);
  });
});
