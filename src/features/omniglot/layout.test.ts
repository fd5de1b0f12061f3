import { describe, expect, test } from 'vitest';
import { type Layout, placed } from './layout.ts';

const omniglot = { characters: 1623, drawers: 20 };
const row = (layout: Layout, index: number) =>
  Array.from({ length: 20 }, (_, exemplar) => placed(layout, index, exemplar, omniglot));
const all = (layout: Layout) => Array.from({ length: 8 * 1623 }, (_, index) => row(layout, index)).flat();
const key = (place: ReturnType<typeof placed>) => Object.values(place).join(',');

describe('text', () => {
  test('gives each orientation of a character a row of its own', () => {
    expect(row('text', 0)).toEqual(
      Array.from({ length: 20 }, (_, drawer) => ({ character: 0, drawer, orientation: 0 })),
    );
    expect(placed('text', 3 * 1623 + 7, 4, omniglot)).toEqual({ character: 7, drawer: 4, orientation: 3 });
    expect(placed('text', 12_983, 19, omniglot)).toEqual({ character: 1622, drawer: 19, orientation: 7 });
  });
});

describe('released (decision 1, as enumerated from the released extractor)', () => {
  test('mixes drawings 0, 1 and half of 2 of character 0 in row 0', () => {
    const drawers = row('released', 0).map(({ drawer }) => drawer);
    expect(drawers).toEqual([...Array<number>(8).fill(0), ...Array<number>(8).fill(1), 2, 2, 2, 2]);
    expect(row('released', 0).map(({ orientation }) => orientation)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3,
    ]);
  });

  test('has drawing 2 turned further, then 3 and 4, in row 1', () => {
    expect(row('released', 1).map(({ drawer }) => drawer)).toEqual([
      2,
      2,
      2,
      2,
      ...Array<number>(8).fill(3),
      ...Array<number>(8).fill(4),
    ]);
    expect(row('released', 1)[0].orientation).toBe(4);
  });

  test('makes eight rows of each character, and trains on 1,607 of them', () => {
    for (const index of [0, 7, 8, 12_983])
      expect(new Set(row('released', index).map(({ character }) => character))).toEqual(
        new Set([Math.floor(index / 8)]),
      );
    // The first 1,600 of each block of 1,623 rows are trained on.
    const trained = new Set<number>();
    const heldOut = new Set<number>();
    for (let index = 0; index < 8 * 1623; index++)
      (index % 1623 < 1600 ? trained : heldOut).add(placed('released', index, 0, omniglot).character);
    expect([trained.size, heldOut.size]).toEqual([1607, 30]);
    expect([...trained].filter((character) => heldOut.has(character))).toHaveLength(14);
  });

  test('takes two exemplars of a row from one drawing with probability .36, of the first five .84', () => {
    const share = (count: number) => {
      let same = 0;
      for (let index = 0; index < 8; index++) {
        const drawers = row('released', index).slice(0, count);
        for (const a of drawers) for (const b of drawers) if (a.drawer === b.drawer) same++;
      }
      return same / (8 * count * count);
    };
    expect(share(20)).toBeCloseTo(0.36, 2);
    expect(share(5)).toBeCloseTo(0.84, 2);
  });
});

test('both hold every drawing in every orientation once', () => {
  const text = all('text').map(key);
  expect(new Set(text).size).toBe(8 * 1623 * 20);
  expect(all('released').map(key).toSorted()).toEqual(text.toSorted());
});
