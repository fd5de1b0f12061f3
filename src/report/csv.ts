/** Tables as CSV (RFC 4180), safe to open in a spreadsheet: no cell of text can begin a formula. */
import { visibleText } from './visible-text.ts';

export type CsvCell = string | number | undefined;

/** First characters a spreadsheet may take for a formula or a command. */
const formulaStart = /^[=+\-@\t]/;

/** Numbers stay as they are (a negative number is no formula); text that could be one is quoted, behind an apostrophe. */
function csvCell(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = visibleText(cell);
  const guarded = formulaStart.test(text) ? `'${text}` : text;
  return guarded !== text || /[",\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** A header line and one line a row, each ended by a line feed. Cells that are undefined or not finite are empty. */
export function toCsv(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  return [header, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}
