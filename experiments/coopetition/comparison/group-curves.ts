/** The curves of a group of runs, and their mean and range where all of them were measured. Pure. */
import { type Curve, lastSequencesOf } from '../../../src/evaluate/curve.ts';
import type { MetricName } from '../../../src/evaluate/metrics.ts';
import { LabError } from '../../../src/errors/lab-error.ts';
import { curveOf, type MetricsTable } from '../../../src/report/metrics-table.ts';
import { fig1bEvaluators, seriesStyles } from '../fig1b/series.ts';
import type { ComparedRun, RunGroup } from './groups.ts';

/** A mean over runs with the smallest and the largest of them. */
export interface MeanPoint {
  /** Sequences seen. */
  readonly sequences: number;
  readonly value: number;
  readonly smallest: number;
  readonly largest: number;
}

export interface GroupCurves {
  /** One per run of the group, in its order. */
  readonly runs: readonly Curve[];
  /** At the sequences at which every run of the group was measured; empty for a group of one. */
  readonly mean: readonly MeanPoint[];
}

export interface ComparedEvaluator {
  readonly name: string;
  /** As the papers write it. */
  readonly displayName: string;
  /** The metric that is drawn. */
  readonly metric: MetricName;
}

const otherNames: Readonly<Record<string, string>> = {
  trainB2: 'train, burstiness 2',
  trainB3: 'train, burstiness 3',
};

function describeEvaluator(name: string): ComparedEvaluator {
  const style = fig1bEvaluators.find((evaluator) => evaluator === name);
  if (style !== undefined)
    return { name, displayName: seriesStyles[style].name, metric: seriesStyles[style].metric };
  return { name, displayName: otherNames[name] ?? name, metric: 'inContextAccuracy' };
}

function evaluatorsOf(table: MetricsTable): Set<string> {
  return new Set(table.flatMap((record) => (record.kind === 'evaluation' ? [record.evaluator] : [])));
}

/**
 * The evaluators that at least two runs have, in the order of figure 1b, then as they come.
 * @throws {LabError} exit code 64 where no evaluator is common to all runs
 */
export function comparedEvaluators(runs: readonly ComparedRun[]): ComparedEvaluator[] {
  const sets = runs.map(({ table }) => evaluatorsOf(table));
  const all = [...new Set([...fig1bEvaluators, ...sets.flatMap((set) => [...set])])];
  const count = (name: string): number => sets.filter((set) => set.has(name)).length;
  if (!all.some((name) => count(name) === runs.length)) {
    const lists = runs.map(({ info }, i) => `${info.name} has ${[...sets[i]].join(', ')}`);
    throw new LabError(`no evaluator in common: ${lists.join('; ')}; give runs that measure the same`);
  }
  return all.filter((name) => count(name) >= 2).map(describeEvaluator);
}

/** Sequences at which every one of the curves has a point, in order. */
export function sharedSequences(curves: readonly Curve[]): number[] {
  const [first = [], ...rest] = curves.map((curve) => curve.map(({ sequences }) => sequences));
  const sets = rest.map((list) => new Set(list));
  return first.filter((sequences) => sets.every((set) => set.has(sequences)));
}

export function groupCurves(group: RunGroup, { name, metric }: ComparedEvaluator): GroupCurves {
  const runs = group.runs.map(({ table }) => curveOf(table, name, metric));
  if (runs.length < 2) return { runs, mean: [] };
  const lookups = runs.map((curve) => new Map(curve.map(({ sequences, value }) => [sequences, value])));
  const mean = sharedSequences(runs).map((sequences): MeanPoint => {
    const values = lookups.map((lookup) => lookup.get(sequences) ?? Number.NaN);
    return {
      sequences,
      value: values.reduce((sum, value) => sum + value, 0) / values.length,
      smallest: Math.min(...values),
      largest: Math.max(...values),
    };
  });
  return { runs, mean };
}

/** A stretch of training and how many runs of a group were evaluated to its end. */
export interface Stretch {
  /** Sequences seen. */
  readonly from: number;
  readonly to: number;
  readonly runs: number;
}

/** Sequences at a run's last evaluation. */
export function lastEvaluationOf({ table }: ComparedRun): number {
  return table.reduce(
    (last, record) => (record.kind === 'evaluation' ? Math.max(last, record.sequences) : last),
    0,
  );
}

/** From the start to where the first run ends, from there to where the next ends, and so on. */
export function stretchesOf({ runs }: RunGroup): Stretch[] {
  const ends = runs.map(lastEvaluationOf).toSorted((a, b) => a - b);
  const different = [...new Set(ends)];
  return different.map((to, i) => ({
    from: i === 0 ? 0 : different[i - 1],
    to,
    runs: ends.filter((end) => end >= to).length,
  }));
}

/** The shared evaluations of a group, over the evaluators that are drawn: how many, and the last of them. */
export function sharedReach(
  group: RunGroup,
  evaluators: readonly ComparedEvaluator[],
): { evaluations: number; last: number } {
  const means = evaluators.map((evaluator) => groupCurves(group, evaluator).mean);
  const longest = means.reduce((best, mean) => (mean.length > best.length ? mean : best), []);
  return { evaluations: longest.length, last: lastSequencesOf(longest) ?? 0 };
}
