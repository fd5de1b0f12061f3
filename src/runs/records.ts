/** The lines of a run's metrics: the records of `src/evaluate`, one a line of JSON, the per-sequence numbers on request. */
import type { Evaluation } from '../evaluate/evaluator.ts';
import type { EvaluationRecord, MetricName, MetricsRecord, TrainRecord } from '../evaluate/metrics.ts';

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

/** A line's record, or undefined where the line is none. */
export function parseRecord(line: string): StoredRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, sequences, step, loss, evaluator, n } = value as Partial<Record<string, unknown>>;
  if (!Number.isSafeInteger(sequences) || !Number.isSafeInteger(step) || typeof loss !== 'number')
    return undefined;
  const isEvaluation = kind === 'evaluation' && typeof evaluator === 'string' && Number.isSafeInteger(n);
  return kind === 'train' || isEvaluation ? (value as MetricsRecord) : undefined;
}
