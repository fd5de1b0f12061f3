/**
 * The table every figure is a pure function of: the records of a run's metrics, in any order, as they stand one a line
 * in its NDJSON. Nothing here reads files.
 */
import { type Curve, sortedCurve } from '../evaluate/curve.ts';
import type { EvaluationRecord, MetricName, MetricsRecord } from '../evaluate/metrics.ts';

/** A run's records; none is needed, and each may stand anywhere. */
export type MetricsTable = readonly MetricsRecord[];

function evaluationsOf(table: MetricsTable): EvaluationRecord[] {
  return table.filter((record) => record.kind === 'evaluation');
}

/**
 * One metric of one evaluator over training. Points that are not finite are left out; where a resumed run measured a
 * moment twice the later record stays (the two agree: runs are deterministic).
 */
export function curveOf(table: MetricsTable, evaluator: string, metric: MetricName): Curve {
  return sortedCurve(
    evaluationsOf(table)
      .filter((record) => record.evaluator === evaluator)
      .map((record) => ({ sequences: record.sequences, value: record[metric], n: record.n })),
  );
}

/** The different set sizes of the table's evaluations, in increasing order; `evaluators` narrows it. */
export function setSizes(table: MetricsTable, evaluators?: readonly string[]): number[] {
  const records = evaluationsOf(table).filter(
    (r) => evaluators === undefined || evaluators.includes(r.evaluator),
  );
  return [...new Set(records.map((record) => record.n))].sort((a, b) => a - b);
}
