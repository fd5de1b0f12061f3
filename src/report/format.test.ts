import { expect, it } from 'vitest';
import { formatAccuracy, formatCount, formatSequences, formatShare } from './format.ts';

it('writes accuracies without a zero before the point', () => {
  expect([0.717, 1, 0, -0.05, 0.999].map((value) => formatAccuracy(value))).toEqual([
    '.72',
    '1.00',
    '.00',
    '-.05',
    '1.00',
  ]);
  expect(formatAccuracy(0.0344, 3)).toBe('.034');
  expect(formatAccuracy(Number.NaN)).toBe('not measured');
});

it('writes sequences with the suffix that fits', () => {
  expect(
    [0, 640, 6400, 64_000, 100_000, 968_000, 1_400_000, 20_000_000, 14_730_000].map(formatSequences),
  ).toEqual(['0', '640', '6.4k', '64k', '0.1M', '0.97M', '1.4M', '20M', '14.7M']);
  expect(formatSequences(Number.NaN)).toBe('never');
});

it('groups thousands and rounds shares', () => {
  expect([5, 999, 12_800, 1_719_232].map(formatCount)).toEqual(['5', '999', '12,800', '1,719,232']);
  expect([0.474, Number.NaN].map(formatShare)).toEqual(['47%', '']);
});
