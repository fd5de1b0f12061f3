/** A run as the claims look at it: curves, moments, and times that may be told in sequences, shares of the run or moments. */
import { lastSequencesOf, valueAt } from '../../../src/evaluate/curve.ts';
import { momentDefinition, type MomentNumber, type Moments } from '../../../src/evaluate/moments.ts';
import { formatSequences } from '../../../src/report/format.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { fig1bMoments } from '../fig1b/fig1b-moments.ts';
import { endOf, type Fig1bCurves, type Fig1bEvaluator, runCurves } from '../fig1b/series.ts';
import type { RunInfo } from '../scale.ts';

export interface RunView {
  readonly curves: Fig1bCurves;
  readonly moments: Moments;
  /** CIWL's level of moment 4. */
  readonly ciwlLevel: number;
  /** Sequences seen at the last evaluation. */
  readonly end: number;
  /** Sequences of a whole run of this scale, or of this one where it was asked to be longer. */
  readonly length: number;
}

export function viewRun(table: MetricsTable, info: RunInfo): RunView {
  const curves = runCurves(table);
  const { moments, ciwlLevel } = fig1bMoments(curves, info.scale);
  const length = Math.max(info.scaleSequences, info.trainSequences);
  return { curves, moments, ciwlLevel, end: endOf(curves), length };
}

/** A point in a run's time. Absolute times belong to the paper's scale, where rate and length are the paper's. */
export type Time =
  | { readonly at: 'sequences'; readonly sequences: number }
  /** `share` of the whole run, in [0, 1]. */
  | { readonly at: 'share'; readonly share: number }
  /** `times` times the sequences seen at a moment of figure 1b. */
  | { readonly at: 'moment'; readonly moment: MomentNumber; readonly times: number }
  | { readonly at: 'first evaluation' };

/** A run need not end on the very sequence a claim names: evaluations fall on whole batches, digitised curves on pixels. */
const endTolerance = 0.01;

/** A first evaluation later than this share of the run says nothing about the start. */
const startShare = 0.02;

/** Sequences of a time; undefined where the run never had that moment. Times just past the end are the end. */
export function sequencesAt(run: RunView, time: Time): number | undefined {
  switch (time.at) {
    case 'sequences':
      return atMostEnd(run, time.sequences);
    case 'share':
      return atMostEnd(run, time.share * run.length);
    case 'moment': {
      const moment = run.moments[time.moment];
      return moment === undefined ? undefined : atMostEnd(run, time.times * moment.sequences);
    }
    case 'first evaluation': {
      const firsts = Object.values(run.curves).flatMap((curve) => curve[0]?.sequences ?? []);
      const first = Math.min(...firsts);
      return first <= startShare * run.length ? first : undefined;
    }
  }
}

function atMostEnd(run: RunView, sequences: number): number {
  return sequences > run.end && sequences * (1 - endTolerance) <= run.end ? run.end : sequences;
}

/** Whether the run has come so far that a time lies within it. */
export function reaches(run: RunView, sequences: number): boolean {
  return sequences * (1 - endTolerance) <= run.end;
}

export function timeText(time: Time): string {
  switch (time.at) {
    case 'sequences':
      return formatSequences(time.sequences);
    case 'share':
      return time.share === 1 ? 'the end' : `${Math.round(100 * time.share)}% of the run`;
    case 'moment':
      return time.times === 1 ? `moment ${time.moment}` : `${time.times} x moment ${time.moment}`;
    case 'first evaluation':
      return 'evaluation at the start';
  }
}

/** Says that a time never came in this run. */
export function missingText(run: RunView, time: Time): string {
  if (time.at !== 'moment') return `the run has no ${timeText(time)}`;
  return `the run has no moment ${time.moment} (${momentDefinition(time.moment, run.ciwlLevel)})`;
}

/** The value at a time; the last value where the curve ends within the tolerance before it. */
export function valueNear(run: RunView, evaluator: Fig1bEvaluator, sequences: number): number | undefined {
  const curve = run.curves[evaluator];
  const last = lastSequencesOf(curve);
  if (last !== undefined && sequences > last && sequences * (1 - endTolerance) <= last)
    return curve.at(-1)?.value;
  return valueAt(curve, sequences);
}
