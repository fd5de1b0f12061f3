/** Everything a report of several runs consists of, as a pure function of their tables and of what is known about them. */
import type { ReportContent } from '../save-report.ts';
import { comparisonCsv } from './csv.ts';
import { drawComparison } from './figure.ts';
import { comparedEvaluators } from './group-curves.ts';
import { type ComparedRun, groupRuns, type RunGroup } from './groups.ts';
import { compareMoments, type ComparedMoments } from './moments.ts';
import { comparisonPage } from './page.ts';

export interface ComparisonReport extends ReportContent {
  readonly groups: readonly RunGroup[];
  readonly moments: ComparedMoments;
}

/** @throws {LabError} exit code 64 where the runs have no evaluator in common, are the same, or are too many */
export function writeComparison(runs: readonly ComparedRun[]): ComparisonReport {
  comparedEvaluators(runs);
  const groups = groupRuns(runs);
  return {
    svg: drawComparison(groups),
    csv: comparisonCsv(groups),
    html: comparisonPage(groups),
    groups,
    moments: compareMoments(groups),
  };
}
