import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dodge } from './dodge.ts';

it('leaves labels alone that are far enough apart', () => {
  expect(dodge([10, 40, 90], 15, 0, 100)).toEqual([10, 40, 90]);
});

it('moves two that collide by the same amount, in the order given', () => {
  expect(dodge([52, 50], 10, 0, 100)).toEqual([56, 46]);
});

it('keeps them inside, and spreads them where there is no room', () => {
  expect(dodge([98, 99, 100], 10, 0, 100)).toEqual([80, 90, 100]);
  expect(dodge([50, 50, 50], 10, 0, 10)).toEqual([0, 5, 10]);
});

it('is defined for none and one', () => {
  expect(dodge([], 10, 0, 100)).toEqual([]);
  expect(dodge([-5], 10, 0, 100)).toEqual([0]);
});

it('never lets labels overlap, leave the range or change their order', () => {
  const wanted = fc.array(fc.double({ min: -50, max: 150, noNaN: true }), { maxLength: 8 });
  fc.assert(
    fc.property(wanted, (heights) => {
      const placed = dodge(heights, 10, 0, 100);
      const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b] || a - b);
      for (let i = 0; i < order.length; i++) {
        expect(placed[order[i]]).toBeGreaterThanOrEqual(-1e-9);
        expect(placed[order[i]]).toBeLessThanOrEqual(100 + 1e-9);
        if (i > 0) expect(placed[order[i]] - placed[order[i - 1]]).toBeGreaterThanOrEqual(10 - 1e-9);
      }
    }),
  );
});
