import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resizer } from './resize.ts';

type Case = readonly [
  number: number,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
  hash: string,
];

const { resized } = JSON.parse(
  readFileSync(new URL('../../test/golden/pillow-resize.json', import.meta.url), 'utf8'),
) as { readonly resized: readonly Case[] };

/** As `picture` in test/golden/pillow.py. */
function picture(number: number, width: number, height: number): Uint8Array {
  let state = number;
  return Uint8Array.from({ length: width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = state >>> 24;
    if (number % 3 !== 1) return value;
    return value > 20 ? 255 : 0;
  });
}

test('every picture is what Pillow makes of it, bit for bit', () => {
  expect(resized.length).toBeGreaterThanOrEqual(200);
  const different = resized.filter(([number, width, height, toWidth, toHeight, hash]) => {
    const pixels = resizer(width, height, toWidth, toHeight)(picture(number, width, height));
    expect(pixels).toHaveLength(toWidth * toHeight);
    return createHash('sha256').update(pixels).digest('hex').slice(0, 16) !== hash;
  });
  expect(different).toEqual([]);
});

test('a picture of its own size is a copy', () => {
  const pixels = picture(1, 9, 4);
  const same = resizer(9, 4, 9, 4)(pixels);
  expect(same).toEqual(pixels);
  expect(same).not.toBe(pixels);
});
