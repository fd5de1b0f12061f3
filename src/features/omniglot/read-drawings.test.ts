import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import { makeBitmapPng, patternRows } from '../../formats/testing.ts';
import { contactSheet } from './contact-sheet.ts';
import { drawingsHash, publishedHash } from './content-hash.ts';
import { drawingBytes, drawingNumber, inkOf, side } from './drawings.ts';
import { archiveNames, readDrawings } from './read-drawings.ts';
import { makeArchives } from './testing.ts';

const size = { characters: 5, drawers: 3 };
const archives = () => makeArchives(5, 3);

describe('two archives', () => {
  test('give every drawing at its place', () => {
    const { zipped } = archives();
    const drawings = readDrawings(zipped(), size);
    expect(drawings.characters).toEqual([
      'images_background/Greek/character01',
      'images_background/Greek/character02',
      'images_background/Greek/character03',
      'images_evaluation/Ge_ez/character04',
      'images_evaluation/Ge_ez/character05',
    ]);
    expect(drawings.paths[4]).toBe('images_background/Greek/character02/01_02.png');
    for (let n = 0; n < 15; n++)
      expect(drawings.bits.slice(n * drawingBytes, (n + 1) * drawingBytes)).toEqual(patternRows(n));
    expect(drawingNumber(drawings, 3, 2)).toBe(11);
  });

  test('may be packed in any order, with folders and what macOS adds', () => {
    const { files, zipped } = archives();
    const shuffled = files.map((entries, i) => ({
      file: archiveNames[i],
      bytes: zipSync({
        '__MACOSX/images_background/Greek/character01/._0_01.png': Uint8Array.of(1),
        'images_background/': new Uint8Array(0),
        ...Object.fromEntries(Object.entries(entries).toReversed()),
      }),
    }));
    const [a, b] = [readDrawings(zipped(), size), readDrawings(shuffled, size)];
    expect(b).toEqual(a);
    expect(drawingsHash(b)).toBe(drawingsHash(a));
  });

  test('give another hash for another pixel or another name', () => {
    const drawings = readDrawings(archives().zipped(), size);
    const bits = drawings.bits.slice();
    bits[5000] ^= 1;
    const hashes = [
      drawingsHash(drawings),
      drawingsHash({ ...drawings, bits }),
      drawingsHash({ ...drawings, paths: drawings.paths.with(3, 'x') }),
    ];
    expect(new Set(hashes).size).toBe(3);
  });

  test('ink is 1, paper 0', () => {
    const drawings = readDrawings(archives().zipped(), size);
    const ink = new Uint8Array(side * side);
    inkOf(drawings, 7, ink);
    for (const [x, y] of [
      [0, 0],
      [3, 1],
      [104, 50],
      [104, 104],
      [8, 104],
    ])
      expect(ink[y * side + x]).toBe((x * 10 + y * y * 7 + 49) % 11 < 2 ? 1 : 0);
  });

  const picture = makeBitmapPng(patternRows(1));
  const first = 'images_background/Greek/character01';
  test.each<[what: string, change: (background: Record<string, Uint8Array>) => void, message: string]>([
    [
      'lack a drawing',
      (files) => delete files[`${first}/00_02.png`],
      `images_background.zip: "${first}": 2 drawings; expected 3; get the archive anew`,
    ],
    [
      'have one too many',
      (files) => (files[`${first}/00_04.png`] = picture),
      `images_background.zip: "${first}": 4 drawings; expected 3; get the archive anew`,
    ],
    [
      'have a character too many',
      (files) => {
        for (const n of [1, 2, 3]) files[`images_background/Greek/character09/8_${n}.png`] = picture;
      },
      'images_background.zip and images_evaluation.zip: 6 characters; expected 5; get the archives anew',
    ],
    [
      'have a picture of another size',
      (files) =>
        (files[`${first}/00_01.png`] = makeBitmapPng(new Uint8Array(112), { width: 28, height: 28 })),
      `images_background.zip: "${first}/00_01.png": 28x28 pixels; expected 105x105`,
    ],
    [
      'have a picture that is none',
      (files) => (files[`${first}/00_01.png`] = new TextEncoder().encode('<html>')),
      `images_background.zip: "${first}/00_01.png": not a PNG picture; damaged? get it anew`,
    ],
    [
      'have a picture much too large',
      (files) => (files[`${first}/00_01.png`] = new Uint8Array(5000)),
      `images_background.zip: "${first}/00_01.png": 5000 bytes unpacked, more than the 4096 it may have`,
    ],
    [
      'hold something else',
      (files) => {
        for (const name of Object.keys(files)) delete files[name];
        files['readme.txt'] = Uint8Array.of(65);
      },
      'images_background.zip: holds no drawings like images_background/Greek/character01/0394_01.png',
    ],
  ])('that %s are refused in one line', (_, change, message) => {
    const { files, zipped } = archives();
    change(files[0]);
    expect(() => readDrawings(zipped(), size)).toThrow(new LabError(message, exitCodes.badData));
  });
});

test('a contact sheet shows drawers, then orientations, black on white', () => {
  const drawings = readDrawings(archives().zipped(), size);
  const { width, height, pixels, characters } = contactSheet(drawings, 2, 2);
  expect(characters).toEqual([0, 2]);
  expect([width, height, pixels.length]).toEqual([10 * 113 + 32, 8 + 2 * 113, 1162 * 234]);
  const ink = new Uint8Array(side * side);
  const at = (left: number, top: number, x: number, y: number) => pixels[(top + y) * width + left + x];
  inkOf(drawings, drawingNumber(drawings, 2, 1), ink);
  for (const [x, y] of [
    [0, 0],
    [104, 3],
    [17, 104],
  ]) {
    const grey = ink[y * side + x] === 1 ? 0 : 255;
    expect(at(8 + 113, 8 + 113, x, y)).toBe(grey); // second drawer, second line
  }
  inkOf(drawings, drawingNumber(drawings, 2, 0), ink);
  // A counter-clockwise quarter turn: what was at the right is at the top.
  for (const [x, y] of [
    [0, 0],
    [104, 3],
    [17, 104],
  ])
    expect(at(2 * 113 + 32 + 2 * 113, 8 + 113, x, y)).toBe(ink[x * side + (104 - y)] === 1 ? 0 : 255);
  expect(pixels[0]).toBe(216);
});

const published = fileURLToPath(new URL('../../../../shared/omniglot/', import.meta.url));
const isThere = existsSync(published);
// oxlint-disable-next-line no-console -- says why nothing was tested
if (!isThere) console.log(`skipped: the published drawings are not in ${published}`);

test.skipIf(!isThere)(
  'the published archives give the pixels that another decoder gives',
  () => {
    const drawings = readDrawings(
      archiveNames.map((file) => ({ file, bytes: new Uint8Array(readFileSync(`${published}${file}`)) })),
    );
    expect(drawings.characters).toHaveLength(1623);
    expect(drawings.characters.filter((path) => path.startsWith('images_background/'))).toHaveLength(964);
    expect(drawingsHash(drawings)).toBe(publishedHash);
  },
  60_000,
);
