import { describe, expect, test } from 'vitest';
import { placed } from '../omniglot/layout.ts';
import { drawingFeatures, trainedFirst } from '../omniglot/drawing-features.ts';
import { type Drawings, inkOf, side } from '../omniglot/drawings.ts';
import { orientationOrder } from '../omniglot/orientations.ts';
import { readDrawings } from '../omniglot/read-drawings.ts';
import { makeArchives } from '../omniglot/testing.ts';
import { createEncoder, type EncoderWish, parseEncoder } from './encoder.ts';

const drawings: Drawings = readDrawings(makeArchives(6, 4).zipped(), { characters: 6, drawers: 4 });

function features(wish: EncoderWish, row: number, exemplar: number, layout: 'text' | 'released' = 'text') {
  const source = drawingFeatures(drawings, createEncoder(wish, drawings), layout);
  const out = new Float32Array(source.dim);
  source.copyFeatures(row, exemplar, out, 0);
  return out;
}

const pixels = (grid: number): EncoderWish => ({ kind: 'pixels', grid, dim: grid * grid, seed: 0 });
const random = (seed: number, dim = 64): EncoderWish => ({ kind: 'random', grid: 21, dim, seed });

/** Mean ink of a cell of the turned picture, pixel by pixel. */
function meansOfTurned(drawing: number, orientation: number, grid: number): number[] {
  const ink = new Uint8Array(side * side);
  inkOf(drawings, drawing, ink);
  const order = orientationOrder(orientation, side);
  const turned = Uint8Array.from(order, (from) => ink[from]);
  const cell = side / grid;
  return Array.from({ length: grid * grid }, (_, i) => {
    let sum = 0;
    for (let y = 0; y < cell; y++)
      for (let x = 0; x < cell; x++)
        sum += turned[(Math.floor(i / grid) * cell + y) * side + (i % grid) * cell + x];
    return Math.fround(sum / cell ** 2);
  });
}

describe('pixels', () => {
  test.each(['text', 'released'] as const)('are the means of the turned picture, %s layout', (layout) => {
    for (let row = 0; row < 48; row += 5) {
      const { character, drawer, orientation } = placed(layout, row, 3, { characters: 6, drawers: 4 });
      const expected = meansOfTurned(character * 4 + drawer, orientation, 21);
      expect([...features(pixels(21), row, 3, layout)]).toEqual(expected);
    }
  });

  test('of the finest grid are the picture itself', () => {
    expect([...features(pixels(105), 6 * 3 + 2, 1)]).toEqual(meansOfTurned(9, 3, 105));
  });
});

describe('random', () => {
  test('is a projection of the means, cut off at zero', () => {
    // Linear where it is not cut off: read off from features whose seeds agree.
    const [a, b] = [features(random(7), 0, 0), features(random(7), 0, 0)];
    expect(a).toEqual(b);
    expect(a.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    expect(a.some((value) => value > 0) && a.some((value) => value === 0)).toBe(true);
    expect(features(random(8), 0, 0)).not.toEqual(a);
    expect(features(random(7), 1, 0)).not.toEqual(a);
  });

  test('has mean square 1 over drawings and seeds', () => {
    let sum = 0;
    let count = 0;
    for (let seed = 0; seed < 30; seed++) {
      const source = drawingFeatures(drawings, createEncoder(random(seed), drawings), 'text');
      const out = new Float32Array(source.dim);
      for (let row = 0; row < 6; row++) {
        source.copyFeatures(row, seed % 4, out, 0);
        for (const value of out) sum += value * value;
        count += out.length;
      }
    }
    expect(sum / count).toBeGreaterThan(0.85);
    expect(sum / count).toBeLessThan(1.15);
  });

  test('gives the same features for fewer or more of them', () => {
    // Draws are numbered by cell and feature: what was computed once is a part of what is computed next.
    expect([...features(random(3, 64), 4, 2)]).toEqual([...features(random(3, 101), 4, 2).subarray(0, 64)]);
  });

  test('the same bits as ever', () => {
    // Made by this code: a change here is a change of every run on such features.
    expect([...features(random(0, 512), 9, 1).subarray(0, 4)]).toMatchInlineSnapshot(`
      [
        0.3249797224998474,
        0,
        0.18012148141860962,
        0,
      ]
    `);
  });
});

test('the first classes are those the paper trains on', () => {
  expect(trainedFirst(drawings)).toEqual({ rows: 6, first: 6 });
  expect(trainedFirst({ ...drawings, characters: Array<string>(1623).fill('') })).toEqual({
    rows: 1623,
    first: 1600,
  });
});

describe('words', () => {
  test.each<[string, Omit<EncoderWish, 'seed'>]>([
    ['pixels', { kind: 'pixels', grid: 21, dim: 441 }],
    ['pixels:35', { kind: 'pixels', grid: 35, dim: 1225 }],
    ['random', { kind: 'random', grid: 21, dim: 512 }],
    ['random:1024', { kind: 'random', grid: 21, dim: 1024 }],
  ])('%s', (word, wish) => {
    expect(parseEncoder(word, 5)).toEqual({ ...wish, seed: 5 });
  });

  test.each([
    [
      'rundom',
      '--encoder: expected pixels, pixels:GRID, random or random:FEATURES; got "rundom"; did you mean "random"?',
    ],
    ['random:1:2', '--encoder: expected pixels, pixels:GRID, random or random:FEATURES; got "random:1:2"'],
    ['pixels:22', '--encoder pixels: expected one of 3, 5, 7, 15, 21, 35, 105 cells a side; got "22"'],
    ['random:0', '--encoder random: expected 1 to 8192 features; got "0"'],
    ['random:9999', '--encoder random: expected 1 to 8192 features; got "9999"'],
  ])('%s is refused', (word, message) => {
    expect(() => parseEncoder(word, 0)).toThrow(message);
  });
});
