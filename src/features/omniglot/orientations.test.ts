import { describe, expect, test } from 'vitest';
import { orientationOrder, orientations } from './orientations.ts';

/** 3x3, read off by hand. */
const upright = ['abc', 'def', 'ghi'];
const turned = [
  ['abc', 'def', 'ghi'],
  ['cba', 'fed', 'ihg'],
  ['cfi', 'beh', 'adg'], // counter-clockwise: the right column comes to the top
  ['ifc', 'heb', 'gda'],
  ['ihg', 'fed', 'cba'],
  ['ghi', 'def', 'abc'],
  ['gda', 'heb', 'ifc'],
  ['adg', 'beh', 'cfi'],
];

describe('orientations', () => {
  test.each(turned.map((rows, orientation) => ({ rows, orientation })))(
    '$orientation moves pixels to $rows',
    ({ rows, orientation }) => {
      const letters = upright.join('');
      expect(Array.from(orientationOrder(orientation, 3), (from) => letters[from]).join('')).toBe(
        rows.join(''),
      );
    },
  );

  test('are eight different ones, each of which loses no pixel', () => {
    const orders = Array.from({ length: orientations }, (_, i) => orientationOrder(i, 105));
    expect(new Set(orders.map((order) => order.join())).size).toBe(8);
    for (const order of orders)
      expect([...order].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 105 ** 2 }, (_, i) => i));
  });
});
