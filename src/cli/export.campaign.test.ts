/** Any table, written and read back by another program's reader: every value is there, and no cell begins a formula. */
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../../test/campaign.ts';
import type { Cell, ColumnTable, ColumnType } from '../formats/column-table.ts';
import { writeParquet } from '../formats/parquet.ts';
import { visibleText } from '../report/visible-text.ts';
import { csvBytes } from './export-csv.ts';

const cells: Record<ColumnType, fc.Arbitrary<Cell>> = {
  // What spreadsheets, shells and parsers stumble over, among any other text.
  text: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '"', "'", ',', '\n', '\r\n', ''), fc.string())
      .map(([start, rest]) => start + rest),
  ),
  integer: fc.maxSafeInteger(),
  real: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0), // no negative zero
  boolean: fc.boolean(),
};

const tables: fc.Arbitrary<ColumnTable> = fc
  .tuple(
    fc.integer({ min: 0, max: 40 }),
    fc.array(fc.constantFrom<ColumnType>('text', 'integer', 'real', 'boolean'), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .chain(([rows, types]) =>
    fc
      .tuple(
        ...types.map((type) =>
          fc.array(fc.option(cells[type], { freq: 8 }), { minLength: rows, maxLength: rows }),
        ),
      )
      .map((lists) => ({
        rows,
        columns: lists.map((values, i) => ({ name: `data.${i}`, type: types[i], values })),
      })),
  );

/** RFC 4180, by the letter. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/gy;
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) throw new Error(`no CSV at ${JSON.stringify(text.slice(0, 200))}`);
    row.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The cell a CSV should hold: text made visible, and behind an apostrophe where it could be a formula. */
function expectedCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = visibleText(cell);
  return /^[=+\-@\t]/.test(text) ? `'${text}` : text;
}

test('any table comes back from CSV and Parquet', { timeout: campaignTimeoutMs }, async () => {
  const numRuns = campaignSize({ ci: 300, long: 100_000 });
  let values = 0;
  await fc.assert(
    fc.asyncProperty(tables, async (table) => {
      const { rows, columns } = table;
      values += rows * columns.length;
      const lines = parseCsv(new TextDecoder().decode(csvBytes(table)));
      expect(lines[0]).toEqual(columns.map(({ name }) => name));
      expect(lines.slice(1)).toEqual(
        Array.from({ length: rows }, (_, i) => columns.map((column) => expectedCell(column.values[i]))),
      );
      for (const [i, line] of lines.slice(1).entries()) {
        for (const [j, { type, values: given }] of columns.entries()) {
          if (type === 'text') expect(line[j]).not.toMatch(/^[=+\-@\t\r]/);
          else if (type !== 'boolean' && given[i] !== null) expect(Number(line[j])).toBe(given[i]);
        }
      }
      const { buffer } = new Uint8Array(writeParquet(table));
      const back = await parquetReadObjects({ file: buffer });
      expect(back).toHaveLength(rows);
      for (const [i, row] of back.entries()) {
        for (const { name, type, values: given } of columns) {
          const value = given[i];
          const expected =
            value === null ? null : type === 'integer' ? BigInt(Number(value)) : wellFormed(value);
          expect(row[name]).toBe(expected);
        }
      }
    }),
    { numRuns },
  );
  tellFigures('export', { tables: numRuns, values, 'lost or changed': 0 });
});

/** UTF-8 has no half of a surrogate pair. */
function wellFormed(value: Cell): Cell {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
