/** The curves of a toy run, and how each is drawn. */
import { labelInk, okabeIto } from '../../../src/report/palette.ts';
import type { LinePoint } from '../../../src/report/simplify-line.ts';
import type { ToyRun } from '../../../src/toy/toy-run.ts';
import { type ToyTrace, traceColumn } from '../../../src/toy/toy-trace.ts';
import { seriesStyles } from '../fig1b/series.ts';
import type { RaceSettings } from './race-settings.ts';

export interface RaceSeries {
  /** Beside the curve. */
  readonly label: string;
  readonly stroke: string;
  readonly labelFill: string;
  /** SVG dash pattern; each curve has its own, for readers without colour. */
  readonly dash: string;
  /** x the step, y the loss. */
  readonly points: readonly LinePoint[];
}

/** Mechanism 1 stands for ICL and 2 for CIWL, and they are drawn as these are in figure 1b. */
const styles = {
  second: seriesStyles.ciwl,
  first: seriesStyles.icl,
  loss: { stroke: okabeIto.black, labelFill: labelInk.black, dash: '2 2' },
  competition: { stroke: okabeIto.purple, labelFill: labelInk.purple, dash: '9 3 2 3' },
} as const;

export function traced({ trace, seed }: ToyRun): ToyTrace {
  if (trace === undefined) throw new RangeError(`the run of seed ${seed} was not recorded`);
  return trace;
}

/** What of the loss is drawn: its two factors with their offsets, as the paper does, the competition's share, and all. */
export function raceSeries(run: ToyRun, { racing }: RaceSettings): RaceSeries[] {
  const trace = traced(run);
  const steps = traceColumn(trace, 'step');
  const points = (name: string, map: (value: number) => number): LinePoint[] =>
    Array.from(traceColumn(trace, name), (value, i) => ({ x: steps[i], y: map(value) }));
  const plus = (mu: number, name: string) => (mu === 0 ? name : `${name} + ${name === 'M1' ? 'mu1' : 'mu2'}`);
  return [
    {
      ...styles.competition,
      label: 'alpha C',
      points: points('competition1', (value) => racing.alpha * value),
    },
    { ...styles.loss, label: 'loss', points: points('loss', (value) => value) },
    {
      ...styles.first,
      label: plus(racing.mu1, 'M1'),
      points: points('mechanism1', (value) => value + racing.mu1),
    },
    {
      ...styles.second,
      label: plus(racing.mu2, 'M2'),
      points: points('mechanism2', (value) => value + racing.mu2),
    },
  ];
}

/** Steps by which what a start loses at once is over and does not set the scale of a figure. */
const settled = 40;

/** The largest value drawn once the start is over. */
export function largestSettled(series: readonly RaceSeries[]): number {
  const values = series.flatMap(({ points }) =>
    points.filter(({ x }, i) => x >= settled || i === points.length - 1).map(({ y }) => y),
  );
  return values.reduce((most, value) => Math.max(most, value), 1e-9);
}
