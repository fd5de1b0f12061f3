import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binomialStandardError, wilsonInterval } from './binomial.ts';

it('gives the .014 the papers state for 5,000 sequences at one half', () => {
  const { low, high } = wilsonInterval(0.5, 5000);
  expect(high - 0.5).toBeCloseTo(0.013854, 5);
  expect(0.5 - low).toBeCloseTo(0.013854, 5);
  expect(binomialStandardError(0.5, 5000)).toBeCloseTo(0.0070711, 6);
});

it('keeps a width at 0 and at 1, where the normal interval has none', () => {
  expect(wilsonInterval(0, 1000).low).toBe(0);
  expect(wilsonInterval(0, 1000).high).toBeCloseTo(0.0038268, 6);
  expect(wilsonInterval(1, 1000).low).toBeCloseTo(1 - 0.0038268, 6);
  expect(wilsonInterval(1, 1000).high).toBe(1);
});

it('always lies in [0, 1] around the mean', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, share) => {
        const mean = Math.round(share * n) / n;
        const { low, high } = wilsonInterval(mean, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(mean);
        expect(high).toBeGreaterThanOrEqual(mean);
      },
    ),
  );
});
