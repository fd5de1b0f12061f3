import { expect, it } from 'vitest';
import { formatAccuracy, formatBytes, formatCount, formatSequences, formatShare } from './format.ts';

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

it.each([
  [0, '0'],
  [640, '640'],
  [999.7, '1k'],
  [6400, '6.4k'],
  [64_000, '64k'],
  [100_000, '100k'],
  [104_000, '104k'],
  [125_000, '125k'],
  [140_000, '140k'],
  [968_000, '968k'],
  [999_900, '1M'],
  [1_210_000, '1.21M'],
  [1_400_000, '1.4M'],
  [14_730_000, '14.7M'],
  [20_000_000, '20M'],
  [1_250_000_000, '1250M'],
  [Number.NaN, 'never'],
])('writes %d sequences to three digits with the suffix that fits', (sequences, text) => {
  expect(formatSequences(sequences)).toBe(text);
});

it('tells neighbouring evaluations apart below a million', () => {
  const every = Array.from({ length: 40 }, (_, i) => formatSequences(i * 25_000));
  expect(new Set(every).size).toBe(40);
});

it('groups thousands and rounds shares', () => {
  expect([5, 999, 12_800, 1_719_232].map(formatCount)).toEqual(['5', '999', '12,800', '1,719,232']);
  expect([0.474, Number.NaN].map(formatShare)).toEqual(['47%', '']);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1234, '1.2 kB'],
  [61_900_000, '62 MB'],
  [999_900, '1 MB'],
  [9_960_000, '10 MB'],
  [1.44e9, '1.4 GB'],
  [3e15, '3000 TB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
