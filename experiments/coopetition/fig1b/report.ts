/** Everything `reproduce fig1b` writes, as a pure function of the metrics table and of what is known about the run. */
import type { Moments } from '../../../src/evaluate/moments.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import type { ClaimVerdict } from '../claims/claim.ts';
import { judgeFig1bClaims } from '../claims/judge-fig1b.ts';
import type { RunInfo } from '../scale.ts';
import { fig1bCsv } from './csv.ts';
import { fig1bMoments } from './fig1b-moments.ts';
import { drawFig1b } from './figure.ts';
import { fig1bPage } from './report-page.ts';
import { runCurves } from './series.ts';

export interface Fig1bReport {
  /** The figure, standing alone. */
  readonly svg: string;
  /** Every point drawn. */
  readonly csv: string;
  /** The self-contained page. */
  readonly html: string;
  readonly verdicts: readonly ClaimVerdict[];
  readonly moments: Moments;
}

export function writeFig1bReport(table: MetricsTable, info: RunInfo): Fig1bReport {
  const verdicts = judgeFig1bClaims(table, info);
  return {
    svg: drawFig1b(table, info),
    csv: fig1bCsv(table, info),
    html: fig1bPage(table, info, verdicts),
    verdicts,
    moments: fig1bMoments(runCurves(table), info.scale).moments,
  };
}
