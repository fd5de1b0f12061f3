import { expect, test } from 'vitest';
import { lossDifference } from './compare-losses.ts';

test('losses that agree: the largest difference', () => {
  expect(lossDifference('x', [9.5, 9.25], [9.5, 9.25 + 2 ** -20])).toBe(2 ** -20);
});

test.each([
  ['another value', [9.5, 9.2], 'loss of step 2: got 9.2, expected 9.25 within 0.0001'],
  ['no number', [Number.NaN, 9.25], 'loss of step 1: got NaN, expected 9.5'],
  ['too few', [9.5], 'loss of step 2: got none, expected 9.25'],
  ['too many', [9.5, 9.25, 9], 'loss of step 3: got 9, expected none'],
])('%s is an error', (_, losses, problem) => {
  expect(() => lossDifference('JAX', losses, [9.5, 9.25])).toThrow(`bench/peers: JAX: ${problem}`);
});
