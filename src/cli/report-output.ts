/** What `reproduce` and `report` share: figure 1b of one run written into a folder, and its claims told on a terminal. */
import {
  type ClaimVerdict,
  countVerdicts,
  type JudgedClaim,
} from '../../experiments/coopetition/claims/claim.ts';
import type { ReadRun } from '../../experiments/coopetition/read-run.ts';
import type { ScaleFound } from '../../experiments/coopetition/run-scale.ts';
import type { Moments } from '../evaluate/moments.ts';
import { visibleLine } from '../report/visible-text.ts';
import { nodeProcessTable } from '../runs/process-identity.ts';
import type { SummaryEnvironment } from '../runs/run-summary.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { textTable } from './text-table.ts';

/** This machine, for reading run folders. */
export function readingEnvironment(): SummaryEnvironment {
  return { storage: nodeStorage, processes: nodeProcessTable(), now: Date.now };
}

export interface WrittenFig1b {
  readonly verdicts: readonly ClaimVerdict[];
  readonly moments: Moments;
  readonly files: readonly string[];
}

/** @throws {LabError} exit code 73 */
export async function writeFig1b(run: ReadRun, found: ScaleFound, folder: string): Promise<WrittenFig1b> {
  // Loaded only now: drawing needs more than training.
  const { writeFig1bReport } = await import('../../experiments/coopetition/fig1b/report.ts');
  const { describeRun } = await import('../../experiments/coopetition/run-info.ts');
  const { saveReport } = await import('../../experiments/coopetition/save-report.ts');
  const report = writeFig1bReport(run.table, describeRun(run, found));
  const files = await saveReport(folder, 'fig1b', report);
  return { verdicts: report.verdicts, moments: report.moments, files };
}

/** Claims with what was measured; those not applicable with why, one line for each reason. */
export function verdictTable(verdicts: readonly JudgedClaim[]): string {
  const judged = verdicts.filter(({ verdict }) => verdict !== 'not applicable');
  const reasons = Map.groupBy(
    verdicts.filter(({ verdict }) => verdict === 'not applicable'),
    ({ why }) => why,
  );
  const rows = judged.map(({ id, verdict, measured, what }) =>
    [id, verdict, measured || what].map(visibleLine),
  );
  const lines = [...reasons].map(
    ([why, claims]) =>
      `  not applicable: ${visibleLine(`${claims.map(({ id }) => id).join(', ')}: ${why}`)}\n`,
  );
  return textTable(rows, '  ') + lines.join('');
}

/** The claims, and how many of them hold. @param source of the features the verdicts speak of */
export function verdictText(figure: string, verdicts: readonly ClaimVerdict[], source: string): string {
  const { holds, fails, notApplicable } = countVerdicts(verdicts);
  return (
    verdictTable(verdicts) +
    `claims of ${figure}: ${holds} hold, ${fails} fail, ${notApplicable} not applicable ` +
    `(features: ${visibleLine(source)})\n`
  );
}

/** The files that were written, one a line. */
export function fileList(files: readonly string[]): string {
  return files.map((file) => `${visibleLine(file)}\n`).join('');
}
