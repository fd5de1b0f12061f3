/** The moments of figure 1b in each of several runs, and their mean and range in a group. Pure. */
import { type MomentNumber, momentNumbers, type Moments } from '../../../src/evaluate/moments.ts';
import { formatAccuracy, formatSequences } from '../../../src/report/format.ts';
import { fig1bMoments } from '../fig1b/fig1b-moments.ts';
import { runCurves } from '../fig1b/series.ts';
import type { RunScale } from '../scale.ts';
import { lastEvaluationOf } from './group-curves.ts';
import type { ComparedRun, RunGroup } from './groups.ts';

export interface GroupMoments {
  /** One per run of the group, in its order. */
  readonly runs: readonly Moments[];
  /** Whether each run's highest Flip is its last, and may yet be passed. */
  readonly peakSoFar: readonly boolean[];
  /** Over the runs that reached it, peaks that may yet be passed left out; absent where none did. */
  readonly range: Readonly<Partial<Record<MomentNumber, MomentRange>>>;
}

/** Sequences seen at a moment, over the runs of a group that reached it. */
export interface MomentRange {
  readonly mean: number;
  readonly smallest: number;
  readonly largest: number;
  readonly reached: number;
}

/** The scale by whose level of CIWL moment 4 is found: theirs where all runs have the same, else that of one's own. */
function commonScale(runs: readonly ComparedRun[]): RunScale {
  const [first, ...rest] = runs.map(({ info }) => info.scale);
  return rest.every((scale) => scale === first) ? first : 'own';
}

export interface ComparedMoments {
  readonly groups: readonly GroupMoments[];
  /** What CIWL must reach for moment 4, the same in all runs. */
  readonly ciwlLevel: number;
}

export function compareMoments(groups: readonly RunGroup[]): ComparedMoments {
  const scale = commonScale(groups.flatMap(({ runs }) => runs));
  const { ciwlLevel } = fig1bMoments(runCurves([]), scale);
  return {
    ciwlLevel,
    groups: groups.map(({ runs }) => {
      const found = runs.map(({ table }) => fig1bMoments(runCurves(table), scale).moments);
      const peakSoFar = runs.map((run, i) => found[i][2]?.sequences === lastEvaluationOf(run));
      const ranges = momentNumbers.flatMap((number) => {
        const settled = found.filter((_, i) => number !== 2 || !peakSoFar[i]);
        const at = settled.flatMap((moments) => moments[number]?.sequences ?? []);
        if (at.length === 0) return [];
        const mean = at.reduce((sum, sequences) => sum + sequences, 0) / at.length;
        const range = { mean, smallest: Math.min(...at), largest: Math.max(...at), reached: at.length };
        return [[number, range] as const];
      });
      return { runs: found, peakSoFar, range: Object.fromEntries(ranges) };
    }),
  };
}

/** `1.21M`, of the second also how high and whether it may yet be passed: `1.35M (.72 so far)`; `not reached`. */
export function momentText(moments: Moments, number: MomentNumber, peakSoFar: boolean): string {
  const moment = moments[number];
  if (moment === undefined) return 'not reached';
  const text = formatSequences(moment.sequences);
  return number === 2 ? `${text} (${formatAccuracy(moment.value)}${peakSoFar ? ' so far' : ''})` : text;
}

/** `1.21M (1.1M to 1.4M)`, and how many of the runs reached it where not all did. */
export function rangeText({ runs, range }: GroupMoments, number: MomentNumber): string {
  const found = range[number];
  if (found === undefined) return 'not reached';
  const few = found.reached < runs.length ? `, ${found.reached} of ${runs.length}` : '';
  return `${formatSequences(found.mean)} (${formatSequences(found.smallest)} to ${formatSequences(found.largest)}${few})`;
}
