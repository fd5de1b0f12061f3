/**
 * The lines of a run's metrics: the records of `src/evaluate`, one a line of JSON, the per-sequence numbers on request.
 * Read again by `parse-record.ts`.
 */
import type { Evaluation } from '../evaluate/evaluator.ts';
import type { EvaluationRecord, MetricName, TrainRecord } from '../evaluate/metrics.ts';

/** An evaluation as it is stored: means, and with `evaluate.perSequence` one number per sequence and metric. */
export interface StoredEvaluation extends EvaluationRecord {
  readonly perSequence?: Readonly<Record<MetricName, readonly number[]>>;
}

export type StoredRecord = StoredEvaluation | TrainRecord;

/** What of an evaluation goes into the metrics. */
export function storedEvaluation(
  { record, perSequence }: Evaluation,
  withSequences: boolean,
): StoredEvaluation {
  if (!withSequences) return record;
  const lists = Object.entries(perSequence).map(([name, values]) => [name, [...values]]);
  return { ...record, perSequence: Object.fromEntries(lists) as Record<MetricName, number[]> };
}
