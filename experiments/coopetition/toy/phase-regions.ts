/** The shapes of a phase map: runs of equal cells, the outline of a regime, the middle of a region. Pure geometry. */
import type { Regime } from '../../../src/toy/regime.ts';

type Cells = readonly (readonly Regime[])[];

/** Equal cells beside each other in one row. */
export interface CellSpan {
  readonly regime: Regime;
  readonly row: number;
  readonly first: number;
  readonly count: number;
}

export function cellSpans(rows: Cells): CellSpan[] {
  return rows.flatMap((row, i) => {
    const starts = row.flatMap((regime, j) => (regime === row[j - 1] ? [] : [j]));
    return starts.map((first, k) => ({
      regime: row[first],
      row: i,
      first,
      count: (starts[k + 1] ?? row.length) - first,
    }));
  });
}

/** An edge between two cells, in cells from the first corner of the first row. */
export interface Edge {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** All edges between a cell of the regime and one of another: where the regime begins and ends. */
export function outline(rows: Cells, regime: Regime): Edge[] {
  const isIn = (i: number, j: number) => rows[i]?.[j] === regime;
  return rows.flatMap((row, i) =>
    row.flatMap((_, j): Edge[] => [
      ...(j > 0 && isIn(i, j) !== isIn(i, j - 1) ? [{ x1: j, y1: i, x2: j, y2: i + 1 }] : []),
      ...(i > 0 && isIn(i, j) !== isIn(i - 1, j) ? [{ x1: j, y1: i, x2: j + 1, y2: i }] : []),
    ]),
  );
}

/** The middle of the largest square of a regime: where there is most room for its name. */
export interface Middle {
  /** In cells; a cell's own middle is at its place + .5. */
  readonly x: number;
  readonly y: number;
  /** Side of the square, in cells. */
  readonly side: number;
}

export function middleOf(rows: Cells, regime: Regime): Middle | undefined {
  // Side of the largest square of the regime that ends at each cell (the classic recurrence).
  const sides = rows.map((row) => row.map(() => 0));
  let best: Middle | undefined;
  rows.forEach((row, i) => {
    row.forEach((cell, j) => {
      if (cell !== regime) return;
      const before = Math.min(sides[i - 1]?.[j] ?? 0, sides[i][j - 1] ?? 0, sides[i - 1]?.[j - 1] ?? 0);
      const side = before + 1;
      sides[i][j] = side;
      if (side > (best?.side ?? 0)) best = { x: j + 1 - side / 2, y: i + 1 - side / 2, side };
    });
  });
  return best;
}
