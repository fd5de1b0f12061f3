import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import type { ColumnTable } from './column-table.ts';
import { writeParquet } from './parquet.ts';

const bufferOf = (bytes: Uint8Array) => new Uint8Array(bytes).buffer;
const rowsOf = (bytes: Uint8Array) => parquetReadObjects({ file: bufferOf(bytes) });

const table: ColumnTable = {
  rows: 3,
  columns: [
    { name: 'run', type: 'text', values: ['a', 'β\u{1f600}', '=1+1'] },
    { name: 'sequences', type: 'integer', values: [0, 2 ** 32, Number.MAX_SAFE_INTEGER] },
    { name: 'loss', type: 'real', values: Float64Array.of(0.1, 5e-324, -1.7976931348623157e308) },
    { name: 'data.source.sigma', type: 'real', values: [0.3, null, 0.8] },
    { name: 'matched', type: 'boolean', values: [true, false, null] },
  ],
};

test('reads back as it was, value by value', async () => {
  expect(await rowsOf(writeParquet(table))).toEqual([
    { run: 'a', sequences: 0n, loss: 0.1, 'data.source.sigma': 0.3, matched: true },
    { run: 'β\u{1f600}', sequences: 4294967296n, loss: 5e-324, 'data.source.sigma': null, matched: false },
    {
      run: '=1+1',
      sequences: 9007199254740991n,
      loss: -1.7976931348623157e308,
      'data.source.sigma': 0.8,
      matched: null,
    },
  ]);
});

test('carries metadata, and says that only a column with holes may have them', () => {
  const metadata = parquetMetadata(bufferOf(writeParquet(table, new Map([['iclab.table', 'train']]))));
  expect(metadata.key_value_metadata).toEqual([{ key: 'iclab.table', value: 'train' }]);
  const optional = metadata.schema.filter(({ repetition_type: type }) => type === 'OPTIONAL');
  expect(optional.map(({ name }) => name)).toEqual(['data.source.sigma', 'matched']);
});

test('the same table gives the same bytes', () => {
  expect(writeParquet(table)).toEqual(writeParquet(table));
});

test('a table without rows keeps its columns', async () => {
  const columns = table.columns.map((column) => ({ ...column, values: [] }));
  const bytes = writeParquet({ rows: 0, columns });
  expect(await rowsOf(bytes)).toEqual([]);
  const { schema, num_rows: rows } = parquetMetadata(bufferOf(bytes));
  expect(schema.slice(1).map(({ name, type }) => [name, type])).toEqual([
    ['run', 'BYTE_ARRAY'],
    ['sequences', 'INT64'],
    ['loss', 'DOUBLE'],
    ['data.source.sigma', 'DOUBLE'],
    ['matched', 'BOOLEAN'],
  ]);
  expect(rows).toBe(0n);
});

test('more rows than a row group holds', async () => {
  const length = 100_001;
  const values = Array.from({ length }, (_, i) => i / 7);
  const bytes = writeParquet({ rows: length, columns: [{ name: 'x', type: 'real', values }] });
  expect(parquetMetadata(bufferOf(bytes)).row_groups).toHaveLength(2);
  expect((await rowsOf(bytes)).map(({ x }) => x as number)).toEqual(values);
});
