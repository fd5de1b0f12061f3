import { expect, test } from 'vitest';
import { peersText } from './peers-text.ts';

const spread = (median: number) => ({ median, best: median - 1, lowest: median, highest: median + 1 });
const peer = { version: '1', isOurs: false, largestLossDifference: 0, gemmGflops: 50 };

test('ratios to each of ours; a sampler of its own makes a second row', () => {
  const text = peersText({
    machine: {
      cpu: 'CPU',
      cores: 2,
      memoryGibibytes: 8,
      node: 'v26',
      loadBefore: 0,
      loadAfter: 1.5,
      timings: 9,
      disturbed: 1,
    },
    shape: 'paper',
    peers: [
      { ...peer, name: 'iclab, 1 thread, 128 bits', isOurs: true, stepMs: spread(2) },
      { ...peer, name: 'JAX', stepMs: spread(10), samplerMs: spread(4) },
    ],
  });
  expect(text).toBe(`CPU, 2 cores, Node v26; load 0.0 before, 1.5 after; others computed during 1 of 9 timings

| paper shape | step, ms | best | medians | its product, GFLOP/s | over 1 thread, 128 bits |
| --- | ---: | ---: | ---: | ---: | ---: |
| iclab, 1 thread, 128 bits | 2.00 | 1.00 | 2.00 - 3.00 | 50 | 1.0 |
| JAX | 10.00 | 9.00 | 10.00 - 11.00 | 50 | 5.0 |
| JAX, with its sampler | 14.00 | 12.00 | 14.00 - 16.00 |  | 7.0 |`);
});
