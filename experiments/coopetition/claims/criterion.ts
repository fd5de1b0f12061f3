/**
 * The kinds of thing the F1b claims say about a run, each with the numbers it is judged by. A criterion is data, so
 * that which numbers apply at which scale is one committed table (`fig1b-rules.ts`); `checks/` has the code.
 */
import type { MomentNumber } from '../../../src/evaluate/moments.ts';
import type { Fig1bEvaluator } from '../fig1b/series.ts';
import type { Time } from './run-view.ts';

/** Least and greatest value allowed, both allowed themselves. */
type Range = readonly [least: number, greatest: number];

/** Levels: each evaluator's mean from one time to another (the value, where they are one) lies in its range. */
export interface LevelsCriterion {
  readonly kind: 'levels';
  readonly from: Time;
  readonly to: Time;
  readonly ranges: Readonly<Partial<Record<Fig1bEvaluator, Range>>>;
  /** ICL is also at least so far below its highest value. */
  readonly iclBelowPeak?: number;
}

/** Peak: an evaluator's highest value lies in a range, and is reached within a window of time. */
export interface PeakCriterion {
  readonly kind: 'peak';
  readonly evaluator: Fig1bEvaluator;
  readonly range: Range;
  readonly window?: readonly [from: Time, to: Time];
  /** After its peak the evaluator falls to this or below. */
  readonly laterAtMost?: number;
  /** A peak below this is within the rule but is remarked on. */
  readonly remarkBelow?: { readonly value: number; readonly remark: string };
}

/** Rise: moment 1 falls in a window, and Flip goes on from .5 to .6 within so many sequences. */
export interface RiseCriterion {
  readonly kind: 'rise';
  readonly window: readonly [from: Time, to: Time];
  readonly slowestSequences: number;
}

/** Fall: moment 3 falls in a window, after moment 2. */
export interface FallCriterion {
  readonly kind: 'fall';
  readonly window: readonly [from: Time, to: Time];
}

/** Coexistence: an interval so long throughout which both ICL and CIWL are above a level. */
export interface CoexistenceCriterion {
  readonly kind: 'coexistence';
  readonly above: number;
  readonly lasting: Time;
}

/** Ordering: moments 1 to 4 in order; train above CIWL through a window; ICL falls and CIWL rises after ICL's peak. */
export interface OrderingCriterion {
  readonly kind: 'ordering';
  readonly moments: readonly MomentNumber[];
  readonly trainAboveCiwl: number;
  readonly window: readonly [from: Time, to: Time];
  /** From ICL's highest value to the end, ICL falls and CIWL rises by at least this. */
  readonly exchange: number;
}

/** Transience: ICL's highest value minus its value at a time is at least so much. */
export interface TransienceCriterion {
  readonly kind: 'transience';
  readonly at: Time;
  readonly drop: number;
}

export type Criterion =
  | LevelsCriterion
  | PeakCriterion
  | RiseCriterion
  | FallCriterion
  | CoexistenceCriterion
  | OrderingCriterion
  | TransienceCriterion;

/** What a check found: `holds` undefined where there was nothing to judge. */
export interface Finding {
  readonly holds: boolean | undefined;
  readonly measured: string;
  /** What is against it, or why it cannot be judged; for a claim that holds, a remark or nothing. */
  readonly why: string;
}
