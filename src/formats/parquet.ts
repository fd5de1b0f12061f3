/** A table as an Apache Parquet file, snappy-compressed: what pandas, polars, R and DuckDB read with types and all. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column, ColumnTable } from './column-table.ts';

const types = { text: 'STRING', integer: 'INT64', real: 'DOUBLE', boolean: 'BOOLEAN' } as const;

/** Rows per row group: enough to compress well, few enough to read a part of a file. */
const rowGroupSize = 100_000;

/**
 * The file's bytes; the same table always gives the same bytes. Doubles and integers up to 2^53 are kept exactly.
 * @param metadata goes into the file's footer as key-value metadata
 */
export function writeParquet(
  { columns }: ColumnTable,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(columnData),
      kvMetadata: [...metadata].map(([key, value]) => ({ key, value })),
      createdBy: 'iclab',
      rowGroupSize,
    }),
  );
}

function columnData({ name, type, values }: Column) {
  const given = Array.from(values);
  // A 64-bit integer is a bigint to the writer.
  const data =
    type === 'integer' ? given.map((value) => (value === null ? null : BigInt(Number(value)))) : given;
  return { name, type: types[type], data, nullable: given.includes(null) };
}
