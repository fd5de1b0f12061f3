/** A table as the bytes of a CSV file. Numbers are the shortest text that reads back as the same double. */
import type { Cell, ColumnTable } from '../formats/column-table.ts';
import { type CsvCell, toCsv } from '../report/csv.ts';

/** Rows made into text at a time: a table may be longer than the longest string. */
const chunkRows = 20_000;

/** The file in parts, in order: a header line, then the rows. */
export function* csvParts({ columns, rows }: ColumnTable): Generator<string> {
  yield toCsv(
    columns.map(({ name }) => name),
    [],
  );
  for (let first = 0; first < rows; first += chunkRows) {
    const length = Math.min(chunkRows, rows - first);
    const cells = Array.from({ length }, (_, i) => columns.map(({ values }) => csvCell(values[first + i])));
    yield toCsv([], cells).slice('\n'.length); // without the empty header line
  }
}

function csvCell(cell: Cell): CsvCell {
  if (cell === null) return undefined;
  return typeof cell === 'boolean' ? String(cell) : cell;
}

export function csvBytes(table: ColumnTable): Uint8Array {
  const encoder = new TextEncoder();
  return Buffer.concat(Array.from(csvParts(table), (part) => encoder.encode(part)));
}
