/** A table that fits its terminal: aligned columns where they fit, else each row as a block of its own. Pure. */
import { textTable } from './text-table.ts';

/**
 * @param header names of the columns; the first cell of a row heads its block
 * @param width characters of a line; undefined for as many as it takes
 */
export function fittedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
  indent = '',
): string {
  const table = textTable([header, ...rows], indent);
  const widest = Math.max(...table.split('\n').map((line) => line.length));
  if (width === undefined || widest <= width) return table;
  return rows
    .map(([first = '', ...cells]) => {
      const named = cells.map((cell, i) => [header[i + 1] ?? '', cell]).filter(([, cell]) => cell !== '');
      return `${indent}${first}\n${textTable(named, `${indent}  `)}`;
    })
    .join('');
}
