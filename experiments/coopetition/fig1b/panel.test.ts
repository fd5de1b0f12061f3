import { describe, expect, it } from 'vitest';
import { sequenceTicks } from './panel.ts';

describe('sequenceTicks', () => {
  it.each([
    [3e6, 6, [0, 5e5, 1e6, 1.5e6, 2e6, 2.5e6, 3e6]],
    [2e7, 4, [0, 5e6, 1e7, 1.5e7, 2e7]],
    [6400, 4, [0, 2000, 4000, 6000]],
    [1, 3, [0, 1]],
  ])('up to %d, at most %d after 0', (end, most, ticks) => {
    expect(sequenceTicks(end, most)).toEqual(ticks);
  });
});
