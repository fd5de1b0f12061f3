import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cos, exp, log, log1p, pow, sin } from './elementary.ts';

const relative = (got: number, expected: number) =>
  got === expected ? 0 : Math.abs(got - expected) / Math.abs(expected);
const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('elementary functions', () => {
  it('agree with the platform to 1e-15', () => {
    fc.assert(
      fc.property(finite(-700, 700), (x) => relative(exp(x), Math.exp(x)) < 1e-15),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(finite(5e-324, Number.MAX_VALUE), (x) => relative(log(x), Math.log(x)) < 1e-15),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(finite(0.5, 2), (x) => relative(log(x), Math.log(x)) < 1e-15),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(finite(-0.9999, 10), (x) => relative(log1p(x), Math.log1p(x)) < 2e-15),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(finite(-1e6, 1e6), (x) => Math.abs(sin(x) - Math.sin(x)) < 3e-16),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(finite(-1e6, 1e6), (x) => Math.abs(cos(x) - Math.cos(x)) < 3e-16),
      { numRuns: 2000 },
    );
  });

  it('gives the spectrum i^-alpha', () => {
    for (let i = 1; i <= 4096; i++) {
      expect(relative(pow(i, -2), 1 / (i * i))).toBeLessThan(1e-14);
      expect(relative(pow(i, -1), 1 / i)).toBeLessThan(5e-15);
    }
    expect(pow(7, 0)).toBe(1);
  });

  it('knows exact values and the edges', () => {
    expect([exp(0), exp(-Infinity), exp(Infinity), exp(NaN)]).toEqual([1, 0, Infinity, NaN]);
    expect([exp(710), exp(-746), exp(-745)]).toEqual([Infinity, 0, 5e-324]);
    expect(relative(exp(1), Math.E)).toBeLessThan(2.3e-16);
    expect([log(1), log(0), log(-1), log(Infinity), log(NaN)]).toEqual([0, -Infinity, NaN, Infinity, NaN]);
    expect(log(2)).toBe(Math.LN2);
    expect([log1p(0), log1p(1e-20), log1p(-1), log1p(-2), log1p(Infinity)]).toEqual([
      0,
      1e-20,
      -Infinity,
      NaN,
      Infinity,
    ]);
    expect([sin(0), cos(0), Object.is(sin(-0), -0)]).toEqual([0, 1, true]);
    // The reduction must keep what is left of a near multiple of pi.
    expect(sin(Math.PI)).toBe(1.2246467991473532e-16);
    expect(cos(Math.PI / 2)).toBe(6.123233995736766e-17);
    expect(() => sin(2e6)).toThrow(RangeError);
    expect(() => cos(NaN)).toThrow(RangeError);
  });
});
