/**
 * A map the paper does not have: which regime holds over mu1 and alpha, for some sizes of d and some seeds. Pure; a map
 * is computed row by row, so that rows can be shared out (`phase-map-threads.ts`).
 */
import { pow } from '../../../src/engine/elementary.ts';
import { type Regime, regimeOf, regimes } from '../../../src/toy/regime.ts';
import { racingDefaults, racingModel } from '../../../src/toy/toy-model.ts';
import { type DescentSettings, descentDefaults, runToy } from '../../../src/toy/toy-run.ts';

export interface PhaseMapSettings {
  /** Cells along each side of a panel. */
  readonly cells: number;
  /** First and last value of each axis, evenly spaced in their logarithm. */
  readonly mu1: readonly [least: number, greatest: number];
  readonly alpha: readonly [least: number, greatest: number];
  /** Entries of a, b and c. */
  readonly dims: readonly [a: number, b: number, c: number];
  /** Entries of d, a column of panels each. */
  readonly dimsOfD: readonly number[];
  /** A row of panels each. */
  readonly seeds: readonly number[];
  readonly mu2: number;
  readonly descent: DescentSettings;
}

/** Around the paper's setting, with three of the seeds whose stop steps its notebook prints. */
export const phaseMapDefaults: PhaseMapSettings = {
  cells: 40,
  mu1: [1e-3, 10],
  alpha: [1e-3, 10],
  dims: [racingDefaults.dims[0], racingDefaults.dims[1], racingDefaults.dims[2]],
  dimsOfD: [40, 160, 640],
  seeds: [0, 4, 7],
  mu2: racingDefaults.mu2,
  descent: descentDefaults,
};

/** One row of cells of one panel. */
export interface PhaseRow {
  readonly d: number;
  readonly seed: number;
  /** Place of its alpha on the axis. */
  readonly alphaIndex: number;
}

export interface PhasePanel {
  readonly d: number;
  readonly seed: number;
  /** For each alpha, for each mu1, both from the least. */
  readonly rows: readonly (readonly Regime[])[];
}

export interface PhaseMap {
  readonly settings: PhaseMapSettings;
  /** In order of seed, then of d. */
  readonly panels: readonly PhasePanel[];
}

/** The values of an axis; the same bits everywhere. */
export function axisValues([least, greatest]: readonly [number, number], cells: number): number[] {
  if (cells === 1) return [least];
  const base = greatest / least;
  return Array.from({ length: cells }, (_, i) =>
    i === cells - 1 ? greatest : least * pow(base, i / (cells - 1)),
  );
}

/** All rows, in an order that neighbours in time cost alike. */
export function phaseRows({ seeds, dimsOfD, cells }: PhaseMapSettings): PhaseRow[] {
  return seeds.flatMap((seed) =>
    dimsOfD.flatMap((d) => Array.from({ length: cells }, (_, alphaIndex) => ({ d, seed, alphaIndex }))),
  );
}

/**
 * The regimes of one row, for each mu1.
 * @throws {LabError} exit code 64 for a number out of range
 */
export function phaseRow(settings: PhaseMapSettings, { d, seed, alphaIndex }: PhaseRow): Regime[] {
  const { cells, mu2, dims, descent } = settings;
  const alpha = axisValues(settings.alpha, cells)[alphaIndex];
  return axisValues(settings.mu1, cells).map((mu1) => {
    const model = racingModel({ mu1, mu2, alpha, dims: [...dims, d] });
    return regimeOf(runToy(model, seed, descent));
  });
}

/** @param rows the regimes of `phaseRows`, in its order */
export function assemblePhaseMap(settings: PhaseMapSettings, rows: readonly (readonly Regime[])[]): PhaseMap {
  const { seeds, dimsOfD, cells } = settings;
  const panels = seeds.flatMap((seed, i) =>
    dimsOfD.map((d, j): PhasePanel => {
      const first = (i * dimsOfD.length + j) * cells;
      return { d, seed, rows: rows.slice(first, first + cells) };
    }),
  );
  return { settings, panels };
}

/** How many cells of a panel are in each regime. */
export function countRegimes({ rows }: PhasePanel): Readonly<Record<Regime, number>> {
  const all = rows.flat();
  const count = (regime: Regime) => all.filter((cell) => cell === regime).length;
  return Object.fromEntries(regimes.map((regime) => [regime, count(regime)])) as Record<Regime, number>;
}

/** Where along a row mechanism 1 is transient: the least and the greatest mu1 of such cells. */
export interface TransienceSpan {
  readonly alpha: number;
  readonly least: number;
  readonly greatest: number;
}

/** The rows of a panel that have transience. */
export function transienceSpans({ settings }: PhaseMap, { rows }: PhasePanel): TransienceSpan[] {
  const [mu1, alpha] = [axisValues(settings.mu1, settings.cells), axisValues(settings.alpha, settings.cells)];
  return rows.flatMap((row, i) => {
    const first = row.indexOf('transient');
    if (first < 0) return [];
    return [{ alpha: alpha[i], least: mu1[first], greatest: mu1[row.lastIndexOf('transient')] }];
  });
}
