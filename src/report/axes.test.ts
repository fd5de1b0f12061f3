import { describe, expect, it } from 'vitest';
import { levelsUpTo, sequenceTicks, valueTicks } from './axes.ts';

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

describe('valueTicks', () => {
  it.each([
    [0.35, 4, [0, 0.1, 0.2, 0.3]],
    [0.9, 4, [0, 0.25, 0.5, 0.75]],
    [3.9, 4, [0, 1, 2, 3]],
    [0.02, 4, [0, 0.005, 0.01, 0.015, 0.02]],
  ])('up to %d, at most %d after 0', (end, most, ticks) => {
    expect(valueTicks(end, most)).toEqual(ticks);
  });
});

describe('levelsUpTo', () => {
  it.each([
    [0, [0, 0.002, 0.004]],
    [0.02, [0, 0.005, 0.01, 0.015, 0.02]],
    [0.06, [0, 0.02, 0.04, 0.06]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [0.41, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('%d', (largest, levels) => {
    expect(levelsUpTo(largest)).toEqual(levels);
  });
});
