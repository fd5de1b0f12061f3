import { expect, test } from 'vitest';
import { chiSquareDeviations } from './chi-square.ts';

test('is the textbook statistic, centred and scaled by its mean and deviation', () => {
  // 60 throws of a die: sum of (observed - 10)^2 / 10 = 13.4 on 5 degrees of freedom.
  const deviations = chiSquareDeviations([5, 8, 9, 8, 10, 20], Array(6).fill(1 / 6));
  expect(deviations).toBeCloseTo((13.4 - 5) / Math.sqrt(10), 12);
});

test('a fit too good lies below 0, an impossible outcome at Infinity, an impossible and unseen one nowhere', () => {
  expect(chiSquareDeviations([10, 10, 10], Array(3).fill(1 / 3))).toBe(-1);
  expect(chiSquareDeviations([10, 10, 1], [0.5, 0.5, 0])).toBe(Infinity);
  expect(chiSquareDeviations([10, 10, 0], [0.5, 0.5, 0])).toBeCloseTo(-1 / Math.sqrt(2), 12);
});
