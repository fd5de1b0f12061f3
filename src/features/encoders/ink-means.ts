/** How much of each cell of a square grid over a drawing is ink: what the small encoders look at. */
import type { Drawings } from '../omniglot/drawings.ts';
import { inkOf, side } from '../omniglot/drawings.ts';

/** Cells along a side: those that divide a drawing evenly. */
export const gridSides = [3, 5, 7, 15, 21, 35, 105] as const;

export interface InkMeans {
  /** Cells along a side of the grid. */
  readonly grid: number;
  /** Pixels of ink in each cell, drawing by drawing, row by row. */
  readonly counts: Uint16Array;
  /** Pixels of a cell. */
  readonly cell: number;
}

export function inkMeans(drawings: Drawings, grid: number): InkMeans {
  const width = side / grid;
  if (!Number.isInteger(width)) throw new RangeError(`grid: ${grid} does not divide ${side}`);
  const counts = new Uint16Array(drawings.paths.length * grid * grid);
  const ink = new Uint8Array(side * side);
  const cellOf = Uint16Array.from(
    { length: side * side },
    (_, i) => Math.floor(i / side / width) * grid + Math.floor((i % side) / width),
  );
  drawings.paths.forEach((_, drawing) => {
    inkOf(drawings, drawing, ink);
    const from = drawing * grid * grid;
    for (let i = 0; i < ink.length; i++) counts[from + cellOf[i]] += ink[i];
  });
  return { grid, counts, cell: width * width };
}

/** Mean over drawings of the sum of the squares of their cells' means. */
export function meanSquaredNorm({ grid, counts, cell }: InkMeans): number {
  let sum = 0;
  for (const count of counts) sum += (count / cell) ** 2;
  return (sum * grid * grid) / counts.length;
}
