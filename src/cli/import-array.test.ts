/** Arrays out of files of others, and `iclab data import` as a newcomer types it. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { h5wasm } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeStore, storedSource } from '../data/stored/store.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { featuresOfRows, readParquetFeatures } from '../features/parquet-features.ts';
import { writeParquet } from '../formats/parquet.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import { elementBytesOf, makeNpy } from '../formats/testing-npy.ts';
import { importArray } from './import-array.ts';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-import-'));
afterAll(() => rmSync(folder, { recursive: true }), 60_000);
const at = (name: string) => join(folder, name);

const shape = [4, 2, 3];
const numbers = Array.from({ length: 24 }, (_, i) => ((i * 7) % 24) / 4 - 2);
const values = Float32Array.from(numbers);
const npy = makeNpy(elementBytesOf(numbers, 'f4'), { shape: '(4, 2, 3)' });
const flat = makeNpy(elementBytesOf(numbers, 'f4'), { shape: '(8, 3)' });

/** A row per exemplar. */
const rows = Array.from({ length: 8 }, (_, row) => ({ row, class: Math.floor(row / 2) }));
const real = (name: string, of: (row: number) => number | null) => ({
  name,
  type: 'real' as const,
  values: rows.map(({ row }) => of(row)),
});
const classes = { name: 'class', type: 'integer' as const, values: rows.map((row) => row.class) };
const features = [0, 1, 2].map((i) => real(`f${i}`, (row) => numbers[row * 3 + i]));
const table = (...columns: Parameters<typeof writeParquet>[0]['columns']) =>
  writeParquet({ rows: 8, columns });

beforeAll(async () => {
  writeFileSync(at('a.npy'), npy);
  writeFileSync(at('flat.npy'), flat);
  writeFileSync(at('one.npz'), zipSync({ 'arr_0.npy': npy }));
  writeFileSync(at('two.npz'), zipSync({ 'x.npy': npy, 'y.npy': flat, 'words.txt': npy }));
  writeFileSync(at('none.npz'), zipSync({ 'words.txt': npy }));
  const tensors: [string, { shape: number[]; data: Float32Array }][] = [
    ['feat', { shape, data: values }],
    ['flat', { shape: [8, 3], data: values }],
  ];
  writeFileSync(at('a.safetensors'), writeSafetensors(tensors));
  writeFileSync(at('columns.parquet'), table(classes, ...features));
  await h5wasm.ready;
  const file = new h5wasm.File(at('a.h5'), 'w');
  file.create_group('resnet18').create_group('224').create_dataset({ name: 'feat', data: values, shape });
  file.create_dataset({ name: 'flat', data: Float64Array.from(numbers), shape: [8, 3] });
  file.create_dataset({ name: 'long', data: BigInt64Array.from({ length: 24 }, (_, i) => BigInt(i)), shape });
  file.create_dataset({ name: 'words', data: ['a', 'b'] });
  file.close();
});

async function imported(name: string, dataset?: string): Promise<number[]> {
  const source = await importArray(at(name), dataset, 'mine');
  expect([source.classes, source.exemplars, source.dim, source.description]).toEqual([4, 2, 3, 'mine']);
  const out = new Float32Array(24);
  for (let c = 0; c < 4; c++) for (let e = 0; e < 2; e++) source.copyFeatures(c, e, out, (c * 2 + e) * 3);
  return [...out];
}

describe('an array [classes, exemplars, dim]', () => {
  test.each([
    ['a.npy', undefined],
    ['one.npz', undefined],
    ['two.npz', 'x'],
    ['a.safetensors', 'feat'],
    ['a.h5', 'resnet18/224/feat'],
    ['a.h5', '/resnet18/224/feat'],
    ['columns.parquet', undefined],
  ])('out of %s, %s', async (name, dataset) => {
    expect(await imported(name, dataset)).toEqual(numbers);
  });

  test('of 64-bit integers', async () => {
    expect(await imported('a.h5', 'long')).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  test('of half floats, as language models have them', async () => {
    const bits = Array.from({ length: 24 }, (_, i) => 0x3f80 + i);
    const header = '{"e":{"dtype":"BF16","shape":[4,2,3],"data_offsets":[0,48]}}';
    const bytes = new Uint8Array(8 + header.length + 48);
    bytes[0] = header.length;
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.set(elementBytesOf(bits, 'b2'), 8 + header.length);
    writeFileSync(at('bf16.safetensors'), bytes);
    expect((await imported('bf16.safetensors')).slice(0, 3)).toEqual([1, 1.0078125, 1.015625]);
  });
});

describe('what is refused in one line', () => {
  test.each<[name: string, dataset: string | undefined, message: string, code?: number]>([
    ['gone.npy', undefined, 'gone.npy: cannot be read: the file or its folder is gone (ENOENT)'],
    ['gone.h5', undefined, 'gone.h5: cannot be read: the file or its folder is gone (ENOENT)'],
    ['flat.npy', undefined, 'expected an array [classes, exemplars, dim] of at least 2 classes; got [8, 3]'],
    ['two.npz', undefined, 'two.npz: several arrays; name one with --dataset; there are "x", "y"'],
    ['two.npz', 'z', 'two.npz: no array "z"; there are "x", "y"'],
    ['none.npz', undefined, 'none.npz: holds no arrays'],
    ['a.safetensors', 'feet', 'a.safetensors: no array "feet"; there are "feat", "flat"'],
    [
      'a.safetensors',
      'flat',
      '"flat": expected an array [classes, exemplars, dim] of at least 2 classes; got [8, 3]',
    ],
    ['a.h5', 'feat', 'a.h5: no array "feat"; there are "flat", "long", "resnet18/224/feat"'],
    ['a.h5', 'words', 'a.h5: no array "words"; there are "flat", "long", "resnet18/224/feat"'],
    ['a.h5', 'flat', 'expected an array [classes, exemplars, dim] of at least 2 classes; got [8, 3]'],
    ['a.txt', undefined, 'expected a file that ends in .npy, .npz, .safetensors, .h5, .hdf5, .parquet', 64],
  ])('%s %s', async (name, dataset, message, code = exitCodes.badData) => {
    await expect(importArray(at(name), dataset)).rejects.toThrow(message);
    await expect(importArray(at(name), dataset)).rejects.toThrow(expect.objectContaining({ exitCode: code }));
  });

  test('a file of another kind', async () => {
    for (const name of ['bad.h5', 'bad.parquet']) writeFileSync(at(name), npy);
    await expect(importArray(at('bad.h5'), undefined)).rejects.toThrow(
      'bad.h5: not a sound HDF5 file (Not an HDF5 file); damaged?',
    );
    await expect(importArray(at('bad.parquet'), undefined)).rejects.toThrow(
      'bad.parquet: not a Parquet file that can be read; damaged, or packed in a way that is not known?',
    );
  });

  test.each<[string, Uint8Array, string]>([
    ['no classes', table(...features), 'no column "class"; there are "f0", "f1", "f2"'],
    ['no rows', writeParquet({ rows: 0, columns: [{ ...classes, values: [] }] }), 'holds no rows'],
    [
      'classes of other sizes',
      table({ ...classes, values: [0, 0, 0, 1, 1, 2, 2, 2] }, ...features),
      'class "1": 2 rows; expected 3, as the first class has',
    ],
    [
      'holes',
      table(
        classes,
        real('f0', (row) => (row === 5 ? null : row)),
      ),
      'class "2": a feature is missing',
    ],
    [
      'words',
      table(classes, { name: 'f0', type: 'text', values: Array<string>(8).fill('x') }),
      'class "0": a feature is no number',
    ],
  ])('a table with %s', async (name, bytes, message) => {
    writeFileSync(at('t.parquet'), bytes);
    await expect(importArray(at('t.parquet'), undefined), name).rejects.toThrow(`t.parquet: ${message}`);
  });

  test('rows of other lengths, and a table that is too large', async () => {
    const row = (length: number) => ({ class: 0, features: Float32Array.from({ length }) });
    expect(() => featuresOfRows([row(3), row(2)], 'f')).toThrow(
      'f: class "0": a row of 2 features; expected 3',
    );
    expect(featuresOfRows([row(3), row(3)], 'f').shape).toEqual([1, 2, 3]);
    await expect(readParquetFeatures(new Uint8Array(table(classes)), 'f', 10)).rejects.toThrow(
      'f: 8 rows of 2 columns are more than it may have',
    );
  });

  test('more numbers than memory holds, of which the file has none', async () => {
    const file = new h5wasm.File(at('huge.h5'), 'w');
    const start = { name: 'feat', data: values, shape, maxshape: [null, null, null], chunks: [2, 2, 3] };
    file.create_dataset(start).resize([1_000_000, 100, 100]);
    file.close();
    await expect(importArray(at('huge.h5'), undefined)).rejects.toThrow(
      '"feat": 10000000000 numbers, more than the 536870912 that fit into memory',
    );
  });

  test('a file beyond what can be read', async () => {
    writeFileSync(at('sparse.npy'), '');
    truncateSync(at('sparse.npy'), 5_000_000_000);
    await expect(importArray(at('sparse.npy'), undefined)).rejects.toThrow(
      'sparse.npy: more than the 2147483647 bytes that can be read in one piece',
    );
    const header = '{"e":{"dtype":"F32","shape":[100000,100,100],"data_offsets":[0,4000000000]}}';
    const head = new Uint8Array(8 + header.length);
    head[0] = header.length;
    head.set(new TextEncoder().encode(header), 8);
    writeFileSync(at('sparse.safetensors'), head);
    truncateSync(at('sparse.safetensors'), head.length + 4_000_000_000);
    await expect(importArray(at('sparse.safetensors'), undefined)).rejects.toThrow(
      '"e": 4000000000 bytes, more than the 2147483647 that can be read in one piece',
    );
  });
});

describe('iclab data import', () => {
  const data = (...words: string[]) => runCommandLine(['data', ...words]);

  test('makes a file that a run can name', async () => {
    const out = at('mine.safetensors');
    const words = ['import', at('a.h5'), '--dataset', 'resnet18/224/feat', '--name', 'my own', '--out', out];
    const { code, stdout, stderr } = await data(...words);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/mine\.safetensors: my own: 4 classes x 2 exemplars x 3 features, \d+ B$/),
      expect.stringMatching(
        /^rounding to 16 bits changes features by 0\.00\d+% of their standard deviation, at most /,
      ),
      `iclab train quick data.source.kind=features data.source.file=${out}`,
      '',
    ]);
    const source = storedSource(decodeStore(new Uint8Array(readFileSync(out)), out));
    const row = new Float32Array(3);
    source.copyFeatures(3, 1, row, 0);
    for (const i of [0, 1, 2]) expect(row[i]).toBeCloseTo(numbers[21 + i], 3);
    const { stdout: json } = await data(...words, '--force', '--json', '--bits', '8');
    expect(JSON.parse(json)).toMatchObject({
      kind: 'import',
      features: { file: out, name: 'my own', bits: 8 },
    });
  });

  test('refuses numbers that are not finite, and leaves nothing', async () => {
    const broken = elementBytesOf(numbers.with(9, Number.NaN), 'f4');
    writeFileSync(at('nan.npy'), makeNpy(broken, { shape: '(4, 2, 3)' }));
    const { code, stderr } = await data('import', at('nan.npy'), '--out', at('nan.safetensors'));
    expect([code, stderr]).toEqual([
      65,
      'iclab: nan.npy: class 1, exemplar 1, feature 0: expected a finite number; got NaN\n',
    ]);
    expect(() => readFileSync(at('nan.safetensors'))).toThrow('ENOENT');
  });

  test.each([
    [['import'], 'data import: expected a file after it (.npy, .npz, .safetensors, .h5, .parquet)'],
    [['import', 'a.npy', '--from', 'x'], '--from: does not go with data import; leave it out'],
    [['import', 'a.npy', '--preview', 'x'], '--preview: does not go with data import; leave it out'],
    [['import', 'a.npy', '--encoder', 'x'], '--encoder: does not go with data import; leave it out'],
    [['import', 'a.npy', '--layout', 'text'], '--layout: does not go with data import; leave it out'],
    [['import', 'a.npy', '--seed', '1'], '--seed: does not go with data import; leave it out'],
    [['omniglot', '--dataset', 'x'], '--dataset: does not go with data omniglot; leave it out'],
    [['omniglot', '--name', 'x'], '--name: does not go with data omniglot; leave it out'],
    [['omniglot', 'folder'], '"folder": one word too many; the folder goes with --from'],
    [
      ['import', 'a.npy', '--out', folder],
      `--out "${folder}": a folder; expected a file in it, like "${folder}/features.safetensors"`,
    ],
  ])('%j', async (words, message) => {
    expect(await data(...words)).toEqual({ code: 64, stdout: '', stderr: `iclab: ${message}\n` });
  });
});
