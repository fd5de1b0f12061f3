import { describe, expect, it } from 'vitest';
import { compareElements, compareToLargest, compareWeights, summariseGroups } from './compare.ts';

const id = { group: 'g', tensor: 't' };

describe('compareToLargest', () => {
  it('divides the largest error by the largest magnitude and says where', () => {
    const result = compareToLargest(id, [1, -4.5, 2.25], [1, -5, 2], 0.1);
    expect(result).toEqual({ ...id, largestError: 0.1, index: 1, tolerance: 0.1, ok: true });
    expect(compareToLargest(id, [1, -4.4, 2], [1, -5, 2], 0.1).ok).toBe(false);
  });

  it('allows no error in a tensor of zeros', () => {
    expect(compareToLargest(id, [0, 0], [0, -0], 0)).toMatchObject({ largestError: 0, index: -1, ok: true });
    expect(compareToLargest(id, [0, 1e-30], [0, 0], 1)).toMatchObject({
      largestError: Infinity,
      index: 1,
      ok: false,
    });
  });

  it('fails on NaN, infinities and another size', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      expect(compareToLargest(id, [1, bad], [1, 1], 1e9)).toMatchObject({
        largestError: Infinity,
        index: 1,
        ok: false,
      });
    }
    expect(compareToLargest(id, [1], [1, 1], 1)).toMatchObject({
      largestError: Infinity,
      index: -1,
      ok: false,
    });
    expect(compareToLargest(id, [], [1], 1).ok).toBe(false);
  });
});

describe('compareElements', () => {
  it('divides every error by its own element', () => {
    expect(compareElements(id, [100, 0.011], [101, 0.01], 0)).toMatchObject({ index: 1, ok: false });
    expect(compareElements(id, [100, 0.011], [101, 0.01], 0).largestError).toBeCloseTo(0.1, 12);
    expect(compareElements(id, [7, 0], [7, 0], 0).ok).toBe(true);
  });
});

describe('compareWeights', () => {
  const start = [1, 1, 1, 1];
  const expected = [1.1, 0.9, 1, 1.05];
  const gradient = [-1, 1, 0, 1e-5];

  it('scores no optimizer at all as 1', () => {
    expect(compareWeights(id, start, expected, start, gradient).largestError).toBeCloseTo(1, 12);
  });

  it('leaves out tiny gradients but not zero ones', () => {
    expect(compareWeights(id, [1.1, 0.9, 1, 9], expected, start, gradient).ok).toBe(true);
    expect(compareWeights(id, [1.1, 0.9, 1.002, 1.05], expected, start, gradient)).toMatchObject({
      index: 2,
      ok: false,
    });
    expect(compareWeights(id, [1.1, 0.9, 1.0009, 1.05], expected, start, gradient).ok).toBe(true);
    // 1e-4 of the largest itself is compared.
    expect(compareWeights(id, [1.1, 0.9, 1, 9], expected, start, [-1, 1, 0, 1e-4]).ok).toBe(false);
  });

  it('compares everything when no gradient is known', () => {
    expect(compareWeights(id, [1.1, 0.9, 1, 9], expected, start, []).ok).toBe(false);
  });

  it('allows no change where there was none', () => {
    expect(compareWeights(id, [1.1], [1], [1], [0]).ok).toBe(false);
  });
});

describe('summariseGroups', () => {
  it('keeps the order of groups and names the worst of each', () => {
    const comparisons = [
      compareToLargest({ group: 'logits', tensor: 'a' }, [1], [1], 0.1),
      compareToLargest({ group: 'sites', tensor: 'b' }, [1.05], [1], 0.1),
      compareToLargest({ group: 'sites', tensor: 'c' }, [1.5], [1], 0.1),
      compareToLargest({ group: 'sites', tensor: 'd' }, [1.01], [1], 0.1),
    ];
    const groups = summariseGroups(comparisons);
    expect(groups.map((group) => [group.group, group.tensors, group.worst.tensor, group.ok])).toEqual([
      ['logits', 1, 'a', true],
      ['sites', 3, 'c', false],
    ]);
  });

  it('never hides a failure behind a larger error that is allowed', () => {
    const passes = compareToLargest({ group: 'g', tensor: 'passes' }, [1.5], [1], 0.5);
    const fails = compareToLargest({ group: 'g', tensor: 'fails' }, [1 + 1e-9], [1], 0);
    expect(summariseGroups([passes, fails])[0]).toMatchObject({ worst: { tensor: 'fails' }, ok: false });
  });
});
