/** Damaged files of every kind that features come from: each is read, or refused in one line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { h5wasm } from 'h5wasm/node';
import { afterAll, describe, test } from 'vitest';
import { campaignTimeoutMs } from '../../test/campaign.ts';
import { damaged } from '../../test/fuzz/damage-bytes.ts';
import { expectFuzzed } from '../../test/fuzz/fuzz-campaign.ts';
import { decodeStore } from '../data/stored/store.ts';
import { storeBytes, waveSource } from '../data/stored/testing.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { readNpy } from '../formats/npy.ts';
import { writeParquet } from '../formats/parquet.ts';
import { readBitmap } from '../formats/png.ts';
import { makeBitmapPng, patternRows } from '../formats/testing.ts';
import { elementBytesOf, makeNpy } from '../formats/testing-npy.ts';
import { readHdf5 } from './hdf5.ts';
import { readNpz } from './npz.ts';
import { readDrawings } from './omniglot/read-drawings.ts';
import { makeArchives } from './omniglot/testing.ts';
import { readParquetFeatures } from './parquet-features.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }), 60_000);

const shape = [4, 2, 3];
const numbers = Array.from({ length: 24 }, (_, i) => i / 8);
const npy = makeNpy(elementBytesOf(numbers, 'f4'), { shape: '(4, 2, 3)' });
const column = (name: string, of: (row: number) => number) => ({
  name,
  type: 'real' as const,
  values: Array.from({ length: 8 }, (_, row) => of(row)),
});
const size = { characters: 3, drawers: 2 };
const archives = makeArchives(3, 2).zipped();

function hdf5Bytes(): Uint8Array<ArrayBuffer> {
  const path = join(folder, 'good.h5');
  const file = new h5wasm.File(path, 'w');
  file.create_group('a').create_dataset({ name: 'feat', data: Float32Array.from(numbers), shape });
  file.close();
  return new Uint8Array(readFileSync(path));
}

const kinds: readonly {
  readonly name: string;
  readonly good: () => Uint8Array;
  readonly read: (bytes: Uint8Array<ArrayBuffer>) => unknown;
  readonly cases: number;
}[] = [
  { name: 'npy', good: () => npy, read: (bytes) => readNpy(bytes, 'f'), cases: 3000 },
  {
    name: 'npz',
    good: () => zipSync({ 'a.npy': npy }),
    read: (bytes) => readNpz(bytes, 'f', undefined),
    cases: 2000,
  },
  {
    name: 'parquet',
    good: () =>
      writeParquet({
        rows: 8,
        columns: [column('class', (row) => row >> 1), column('f0', (row) => row / 3)],
      }),
    read: (bytes) => readParquetFeatures(bytes, 'f'),
    cases: 1000,
  },
  {
    name: 'a file of features',
    good: () => storeBytes(waveSource(), { blocks: { rows: 3, first: 2 } }),
    read: (bytes) => decodeStore(bytes, 'f'),
    cases: 2000,
  },
  {
    name: 'a drawing',
    good: () => makeBitmapPng(patternRows(3), { filter: 4, chunks: 2 }),
    read: (bytes) => readBitmap(bytes, 'f', 105, 105),
    cases: 2000,
  },
  {
    name: 'an archive of drawings',
    good: () => archives[0].bytes,
    read: (bytes) => readDrawings([{ file: 'f', bytes }, archives[1]], size),
    cases: 500,
  },
];

describe('damaged', () => {
  test.each(kinds)(
    '$name',
    async ({ name, good, read, cases }) => {
      const bytes = new Uint8Array(good());
      await expectFuzzed(
        {
          name: `features out of ${name}`,
          seed: 7,
          complaints: 2, // Parquet has one for all that its reader cannot read
          exitCode: exitCodes.badData,
          makeCase: (random) => {
            const input = damaged(bytes, random);
            return {
              read: () => read(input),
              names: 'f',
              check: () => undefined,
              input: () => Buffer.from(input).toString('hex').slice(0, 4000),
            };
          },
        },
        { ci: Math.ceil(cases / 10), long: 10 * cases },
      );
    },
    campaignTimeoutMs,
  );

  test(
    'HDF5',
    async () => {
      await h5wasm.ready;
      const bytes = hdf5Bytes();
      const path = join(folder, 'f.h5');
      await expectFuzzed(
        {
          name: 'features out of HDF5',
          seed: 8,
          exitCode: exitCodes.badData,
          makeCase: (random) => {
            const input = damaged(bytes, random);
            return {
              read: () => {
                writeFileSync(path, input);
                return readHdf5(path, undefined);
              },
              names: path,
              check: () => undefined,
              input: () => Buffer.from(input).toString('hex').slice(0, 4000),
            };
          },
        },
        { ci: 150, long: 5000 },
      );
    },
    campaignTimeoutMs,
  );
});
