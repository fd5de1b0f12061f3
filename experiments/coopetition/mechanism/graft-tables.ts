/** A run's moments with half of the model taken from another of its moments, as figures 3b and 3c take them. */
import type { GraftTable } from '../../../src/analyse/grafts.ts';
import type { AnalysedMoment } from '../../../src/analyse/run-analysis.ts';
import { type Curve, peakOf } from '../../../src/evaluate/curve.ts';
import type { MomentNumber } from '../../../src/evaluate/moments.ts';
import type { RunView } from '../claims/run-view.ts';
import type { Scale } from '../scale.ts';

export type GraftMoment = AnalysedMoment<GraftTable>;

/** One donor and what became of every moment with its half. */
export interface GraftedTraining {
  /** Which moment the donor is, in words. */
  readonly what: string;
  /** Sequences the donor had seen. */
  readonly donor: number;
  readonly moments: readonly GraftMoment[];
}

export interface DonorTime {
  readonly what: string;
  readonly sequences: number;
}

/** Where the paper's times of training end: of its figures 3b and 3c. */
export const paperTrainingEnd = 2e7;

/** The donor of figure 3b: the paper's converged half. */
export function lateDonor(run: RunView, scale: Scale | 'own'): DonorTime {
  return scale === 'paper'
    ? { what: 'at 20M', sequences: paperTrainingEnd }
    : { what: 'at the end', sequences: run.end };
}

/**
 * The donors of figure 3c: the paper's 4.25M, 7.75M and 15M, which are its Flip's maximum, its ICL's maximum and CIWL
 * learnt; of another run these, and shares of the run as large as the paper's where it has not got them.
 */
export function inductionDonors(run: RunView, scale: Scale | 'own'): DonorTime[] {
  if (scale === 'paper') {
    return [4.25e6, 7.75e6, 1.5e7].map((sequences) => ({ what: `at ${sequences / 1e6}M`, sequences }));
  }
  const moment = (number: MomentNumber) => run.moments[number]?.sequences;
  const times = [
    { what: "at Flip's maximum", found: moment(2), share: 0.21 },
    { what: "at ICL's maximum", found: moment(2) && peakOf(run.curves.icl)?.sequences, share: 0.39 },
    { what: 'with CIWL learnt', found: moment(4), share: 0.75 },
  ];
  return times.map(({ what, found, share }) => ({
    what: found === undefined ? `after ${Math.round(100 * share)}% of the run` : what,
    sequences: found ?? share * run.end,
  }));
}

/** In-context accuracy of one evaluator over a grafted training. */
export function graftCurve(moments: readonly GraftMoment[], evaluator: keyof GraftTable): Curve {
  return moments.map(({ sequences, table }) => ({ sequences, value: table[evaluator] }));
}
