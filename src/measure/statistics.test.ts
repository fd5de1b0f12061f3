import { expect, test } from 'vitest';
import { spreadOver, summarise } from './statistics.ts';

test('the middle and the smallest of timings, whatever their order', () => {
  expect(summarise([5, 1, 9])).toEqual({ best: 1, median: 5 });
  expect(summarise([4])).toEqual({ best: 4, median: 4 });
});

test('rounds: the middle of their medians, the best of all, and how far the medians lie apart', () => {
  const rounds = [
    { best: 2, median: 7 },
    { best: 3, median: 4 },
    { best: 1, median: 5 },
  ];
  expect(spreadOver(rounds)).toEqual({ median: 5, best: 1, lowest: 4, highest: 7 });
});
