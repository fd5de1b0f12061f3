import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readBitmap, writeGreyPng } from './png.ts';
import { makeBitmapPng, patternRows } from './testing.ts';

const rows = patternRows(5);

describe('drawings', () => {
  test.each([0, 1, 2, 3, 4])('are read whatever was done to their rows: filter %i', (filter) => {
    const bytes = makeBitmapPng(rows, { filter, chunks: 1 + filter });
    expect(readBitmap(bytes, 'x.png', 105, 105)).toEqual(rows);
    // A decoder of others sees the same.
    expect(Uint8Array.from(decode(bytes, { checkCrc: true }).data)).toEqual(rows);
  });

  test('are cut off at the end of a row', () => {
    const noisy = rows.map((byte, i) => (i % 14 === 13 ? byte | 0x7f : byte));
    expect(readBitmap(makeBitmapPng(noisy), 'x.png', 105, 105)).toEqual(rows);
  });

  const good = makeBitmapPng(rows);
  const changed = (at: number, value: number) => good.map((byte, i) => (i === at ? value : byte));
  test.each<[what: string, bytes: Uint8Array, message: string]>([
    ['are none', good.subarray(1), 'not a PNG picture; damaged? get it anew'],
    ['are empty', new Uint8Array(0), 'not a PNG picture; damaged? get it anew'],
    ['have another size', makeBitmapPng(rows, { width: 28, height: 105 }), '28x105 pixels; expected 105x105'],
    [
      'are as large as can be',
      makeBitmapPng(rows.subarray(0, 14), { width: 2 ** 31, height: 1 }),
      '2147483648x1 pixels; expected 105x105',
    ],
    [
      'are of another kind',
      makeBitmapPng(rows, { bits: 8 }),
      '8 bits a pixel of colour type 0; expected 1 bit of grey (0), not interlaced',
    ],
    ['are cut short', good.subarray(0, 60), 'ends within a chunk: cut short; get it anew'],
    [
      'end before their end',
      good.subarray(0, good.length - 12),
      'ends within a chunk: cut short; get it anew',
    ],
    ['are damaged', changed(60, good[60] ^ 1), 'a checksum does not match: damaged; get it anew'],
    [
      'begin otherwise',
      Uint8Array.from([...good.subarray(0, 8), ...good.subarray(good.length - 12)]),
      'its header is not its first chunk: damaged',
    ],
    [
      'have rows of no kind',
      makeBitmapPng(rows, { filter: 7 }),
      'row 0 has filter 7; expected 0 to 4: damaged; get it anew',
    ],
    [
      'have too few pixels',
      makeBitmapPng(rows.subarray(0, 1000), { height: 105 }),
      'of pixels; expected 1575: damaged; get it anew',
    ],
  ])('that %s are refused in one line', (_, bytes, message) => {
    const read = () => readBitmap(bytes, 'x.png', 105, 105);
    expect(read).toThrow(LabError);
    expect(read).toThrow(expect.objectContaining({ exitCode: exitCodes.badData }));
    expect(read).toThrow(/^x\.png: /);
    expect(read).toThrow(message);
  });

  test('that unpack to much more than they may are read no further', () => {
    const bomb = makeBitmapPng(new Uint8Array(14 * 300_000), { height: 300_000 });
    expect(() => readBitmap(bomb, 'x.png', 105, 300_000)).not.toThrow();
    expect(() => readBitmap(bomb, 'x.png', 105, 105)).toThrow('105x300000 pixels');
  });

  test('whose packed pixels are none are refused', () => {
    const unpackable = makeBitmapPng(rows);
    const nothing = makeBitmapPng(rows, { chunks: 0 });
    expect(readBitmap(unpackable, 'x.png', 105, 105)).toEqual(rows);
    expect(() => readBitmap(nothing, 'x.png', 105, 105)).toThrow(
      'x.png: its pixels cannot be unpacked: damaged; get it anew',
    );
  });
});

test('a grey picture is read by others as it was written', () => {
  const pixels = Uint8Array.from({ length: 35 }, (_, i) => i * 7);
  const { width, height, depth, channels, data } = decode(writeGreyPng(5, 7, pixels), { checkCrc: true });
  expect([width, height, depth, channels]).toEqual([5, 7, 8, 1]);
  expect(Uint8Array.from(data)).toEqual(pixels);
});
