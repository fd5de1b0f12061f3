/** What `iclab evaluate` prints: for a reader, as CSV, and as JSON. Pure. */
import { type EvaluationRecord, metricNames } from '../evaluate/metrics.ts';
import { wilsonInterval } from '../evaluate/binomial.ts';
import { toCsv } from '../report/csv.ts';
import { formatAccuracy, formatCount, formatSequences } from '../report/format.ts';
import { fittedTable } from './fitted-table.ts';

export interface EvaluatedMoment {
  readonly sequences: number;
  readonly step: number;
  readonly records: readonly EvaluationRecord[];
}

/** One row for every evaluator, and with several moments for each of them. */
export function evaluateTable(moments: readonly EvaluatedMoment[], width?: number): string {
  const isSeries = moments.length > 1;
  const header = ['evaluator', 'in context', '95%', 'of all labels', 'p(correct)', 'loss', 'n'];
  const rows = moments.flatMap(({ sequences, records }) =>
    records.map(({ evaluator, inContextAccuracy, accuracy, prob, loss, n }) => [
      ...(isSeries ? [formatSequences(sequences)] : []),
      evaluator,
      formatAccuracy(inContextAccuracy, 3),
      interval(inContextAccuracy, n),
      formatAccuracy(accuracy, 3),
      formatAccuracy(prob, 3),
      loss.toFixed(3),
      formatCount(n),
    ]),
  );
  return fittedTable(isSeries ? ['sequences', ...header] : header, rows, width);
}

function interval(mean: number, n: number): string {
  const { low, high } = wilsonInterval(mean, n);
  return `${formatAccuracy(low, 3)}-${formatAccuracy(high, 3)}`;
}

/** Every metric of every record; `interventions` the same in all rows. */
export function evaluateCsv(moments: readonly EvaluatedMoment[], interventions: readonly string[]): string {
  const rows = moments.flatMap(({ records }) =>
    records.map((record) => [
      record.sequences,
      record.step,
      record.evaluator,
      record.n,
      ...metricNames.map((name) => record[name]),
      interventions.join(' '),
    ]),
  );
  return toCsv(['sequences', 'step', 'evaluator', 'n', ...metricNames, 'interventions'], rows);
}
