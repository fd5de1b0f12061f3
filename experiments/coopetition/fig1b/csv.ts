/** The numbers behind figure 1b, one point a line: this run's curves with their intervals, then the paper's. */
import { wilsonInterval } from '../../../src/evaluate/binomial.ts';
import type { Curve } from '../../../src/evaluate/curve.ts';
import { type CsvCell, toCsv } from '../../../src/report/csv.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import type { RunInfo } from '../scale.ts';
import { type Fig1bCurves, fig1bEvaluators, paperFig1bCurves, runCurves, seriesStyles } from './series.ts';

const header = [
  'series',
  'evaluator',
  'metric',
  'sequences',
  'value',
  'low95',
  'high95',
  'n',
  'source',
] as const;

function rows(series: string, source: string, curves: Fig1bCurves): CsvCell[][] {
  return fig1bEvaluators.flatMap((evaluator) => {
    const { metric } = seriesStyles[evaluator];
    const curve: Curve = curves[evaluator];
    return curve.map(({ sequences, value, n }) => {
      const interval = n === undefined || n <= 0 ? undefined : wilsonInterval(value, n);
      return [series, evaluator, metric, sequences, value, interval?.low, interval?.high, n, source];
    });
  });
}

/** `series` is `run` or `paper`; `low95` and `high95` are Wilson's 95% interval, empty where n is unknown. */
export function fig1bCsv(table: MetricsTable, info: RunInfo): string {
  return toCsv(header, [
    ...rows('run', info.source, runCurves(table)),
    ...rows('paper', 'arXiv 2503.05631, figure 1b, digitised', paperFig1bCurves()),
  ]);
}
