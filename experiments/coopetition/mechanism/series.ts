/** Curves over sequences seen as lines of a panel. */
import type { Curve } from '../../../src/evaluate/curve.ts';
import type { CsvCell } from '../../../src/report/csv.ts';
import type { PanelSeries } from './content.ts';

export function line(curve: Curve, name: string, style: PanelSeries['style']): PanelSeries {
  return { name, style, points: curve.map(({ sequences, value }) => ({ x: sequences, y: value })) };
}

/** The points of curves as rows of a CSV, behind what they have in common and each its own name. */
export function curveRows(
  curves: readonly { readonly name: CsvCell; readonly curve: Curve }[],
  before: readonly CsvCell[],
  after: readonly CsvCell[],
): CsvCell[][] {
  return curves.flatMap(({ name, curve }) =>
    curve.map(({ sequences, value }) => [...before, name, sequences, value, ...after]),
  );
}
