import { describe, expect, it } from 'vitest';
import { longestAbove } from './coexistence.ts';

const every100 = (values: readonly number[]) => values.map((value, i) => ({ sequences: 100 * i, value }));

describe('longestAbove', () => {
  it('cuts where the straight lines pass the level', () => {
    const stretch = longestAbove(every100([0.5, 0.6, 0.6, 0.5]), 0.55);
    expect(stretch?.from).toBeCloseTo(50, 9);
    expect(stretch?.to).toBeCloseTo(250, 9);
  });

  it('takes the longest of several stretches', () => {
    const curve = every100([0.6, 0.5, 0.6, 0.6, 0.6, 0.5, 0.6]);
    const stretch = longestAbove(curve, 0.55);
    expect(stretch?.from).toBeCloseTo(150, 9);
    expect(stretch?.to).toBeCloseTo(450, 9);
  });

  it('may start with the curve and last to its end', () => {
    expect(longestAbove(every100([0.6, 0.7]), 0.55)).toEqual({ from: 0, to: 100 });
  });

  it('is undefined where the curve never rises above the level; being on it is not enough', () => {
    expect(longestAbove(every100([0.55, 0.55, 0.5]), 0.55)).toBeUndefined();
    expect(longestAbove([], 0.55)).toBeUndefined();
  });
});
