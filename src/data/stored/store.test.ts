import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import { readSafetensors, writeSafetensors } from '../../formats/safetensors.ts';
import type { ExemplarSource } from '../exemplar-source.ts';
import { quantise, type QuantisedBits } from './quantise.ts';
import { decodeStore, mostHeaderBytes, readStoreHeader, rowsInOrder, storedSource } from './store.ts';
import { storeBytes, waveSource } from './testing.ts';

function featuresOf(source: ExemplarSource): number[][][] {
  const { classes, exemplars, dim } = source;
  return Array.from({ length: classes }, (_, c) =>
    Array.from({ length: exemplars }, (_unused, e) => {
      const out = new Float32Array(dim + 2);
      source.copyFeatures(c, e, out, 1);
      expect([out[0], out[dim + 1]]).toEqual([0, 0]);
      return [...out.subarray(1, dim + 1)];
    }),
  );
}

describe('a file of features', () => {
  test.each<QuantisedBits>([8, 16])(
    'gives back, from %i bits, what was put in but for half a step',
    (bits) => {
      const source = waveSource();
      const stored = storedSource(decodeStore(storeBytes(source, { bits }), 'f'));
      expect(stored).toMatchObject({
        classes: 6,
        exemplars: 3,
        dim: 5,
        description: 'waves (features abababababab)',
      });
      const { features, error } = quantise(source, bits);
      const [before, after] = [featuresOf(source), featuresOf(stored)];
      let largest = 0;
      before.forEach((rows, c) => {
        rows.forEach((row, e) => {
          row.forEach((value, i) => {
            const difference = Math.abs(value - after[c][e][i]);
            expect(difference).toBeLessThanOrEqual(0.5001 * features.step[i] + 1e-6 * Math.abs(value));
            largest = Math.max(largest, difference);
          });
        });
      });
      expect(error.largest).toBeCloseTo(largest, 10);
      expect(error.largest).toBeGreaterThan(0);
      // Uniform rounding errors have a standard deviation of step / sqrt 12; a range is a few standard deviations.
      expect(error.relative * 2 ** bits).toBeGreaterThan(0.3);
      expect(error.relative * 2 ** bits).toBeLessThan(2);
    },
  );

  test('says the same to any reader of safetensors', () => {
    const { tensors, metadata } = readSafetensors(storeBytes(waveSource()), 'f');
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['offset', [5]],
      ['step', [5]],
      ['features', [6, 3, 5]],
    ]);
    expect(metadata.get('provenance')).toBe('{"by":"a test"}');
  });

  test('is told by its head alone', () => {
    const bytes = storeBytes(waveSource(4000));
    const head = bytes.slice(0, 8 + mostHeaderBytes);
    expect(head.length).toBeLessThan(bytes.length);
    const facts = { name: 'waves', sha256: 'ab'.repeat(32), classes: 4000, exemplars: 3, dim: 5 };
    expect(readStoreHeader(head, bytes.length, 'f').facts).toEqual(facts);
    expect(() => readStoreHeader(head, bytes.length - 1, 'f')).toThrow('is outside the');
  });

  test('gives the first rows of each block first', () => {
    expect([...rowsInOrder(6, { rows: 3, first: 2 })]).toEqual([0, 1, 3, 4, 2, 5]);
    const source = waveSource();
    const plain = featuresOf(storedSource(decodeStore(storeBytes(source), 'f')));
    const blocks = { rows: 3, first: 2 };
    const ordered = featuresOf(storedSource(decodeStore(storeBytes(source, { blocks }), 'f')));
    expect(ordered).toEqual([0, 1, 3, 4, 2, 5].map((row) => plain[row]));
  });

  test("has the paper's 12,800 classes first", () => {
    const rows = rowsInOrder(12_984, { rows: 1623, first: 1600 });
    expect([rows[1599], rows[1600], rows[12_799], rows[12_800]]).toEqual([1599, 1623, 7 * 1623 + 1599, 1600]);
    expect(new Set(rows).size).toBe(12_984);
  });

  test('no wider range than float32 has is lost', () => {
    const far: ExemplarSource = {
      ...waveSource(2, 2, 1),
      copyFeatures: (c, _, out, at) => {
        out[at] = c === 0 ? -3e38 : 3e38;
      },
    };
    const { features } = quantise(far, 16);
    expect(features.step.every(Number.isFinite)).toBe(true);
    expect([...features.steps]).toEqual([0, 0, 65535, 65535]);
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'a feature that is %f is refused with its place',
  (value) => {
    const broken: ExemplarSource = {
      ...waveSource(),
      copyFeatures: (c, e, out, at) => {
        out.fill(0, at, at + 5);
        if (c === 4 && e === 1) out[at + 3] = value;
      },
    };
    expect(() => quantise(broken, 16)).toThrow(
      new LabError(
        `waves: class 4, exemplar 1, feature 3: expected a finite number; got ${value}`,
        exitCodes.badData,
      ),
    );
  },
);

test('too many features for memory are refused in one line', () => {
  const huge = { ...waveSource(), classes: 1e9, exemplars: 1e6 };
  expect(() => quantise(huge, 8)).toThrow(
    /^features: out of memory for \d+ MiB of them; take --bits 8 or fewer$/,
  );
});

describe('what is none', () => {
  const { tensors, metadata } = readSafetensors(storeBytes(waveSource()), 'f');
  const withMeta = (changes: Record<string, string>) =>
    writeSafetensors(tensors, [...new Map([...metadata, ...Object.entries(changes)])]);
  const withTensor = (name: string, shape: number[], data: Float32Array | Uint16Array) =>
    writeSafetensors(new Map([...tensors, [name, { shape, data }]]), metadata);
  const nan = new Float32Array(5);
  nan[3] = Number.NaN;
  test.each<[Uint8Array, string]>([
    [withMeta({ format: 'x' }), 'f: not a file of features made by this program; iclab data makes them'],
    [withMeta({ sha256: 'x' }), 'f: sha256: expected 64 hexadecimal digits: damaged'],
    [
      withMeta({ blocks: '{"rows":4,"first":2}' }),
      'f: blocks: "{\\"rows\\":4,\\"first\\":2}" does not divide 6 rows: damaged',
    ],
    [withMeta({ blocks: '{"rows":3,"first":4}' }), 'does not divide 6 rows: damaged'],
    [withMeta({ blocks: '[' }), 'f: blocks: not valid JSON at character'],
    [
      withTensor('features', [90], new Uint16Array(90)),
      'f: features: expected [classes, exemplars, dim] of U16 or U8: damaged',
    ],
    [
      withTensor('features', [6, 3, 5], new Float32Array(90)),
      'f: features: expected [classes, exemplars, dim] of U16 or U8: damaged',
    ],
    [withTensor('step', [4], new Float32Array(4)), 'f: step: expected [5] of F32: damaged'],
    [withTensor('offset', [5], nan), 'f: offset: a number that is not finite: damaged'],
  ])('case %#', (bytes, message) => {
    expect(() => decodeStore(bytes, 'f')).toThrow(message);
    expect(() => decodeStore(bytes, 'f')).toThrow(expect.objectContaining({ exitCode: exitCodes.badData }));
  });
});
