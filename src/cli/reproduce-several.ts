/** A figure of several seeds: the run and the report of each as it would have them alone, and one report of all together. */
import { type ClaimVerdict, countVerdicts } from '../../experiments/coopetition/claims/claim.ts';
import { type ReadRun, readRun } from '../../experiments/coopetition/read-run.ts';
import type { ScaleFound } from '../../experiments/coopetition/run-scale.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { visibleLine } from '../report/visible-text.ts';
import { resolveRun } from '../runs/find-runs.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { fittedTable } from './fitted-table.ts';
import type { RunFlags } from './flags.ts';
import { fileList, readingEnvironment, type WrittenFig1b, writeFig1b } from './report-output.ts';
import { hashOfRuns, reportSeveral } from './report-several.ts';
import type { ListedRun } from './run-list.ts';
import { startRuns, worstExitCode } from './start-runs.ts';

/** One run for a figure; `folder` is the run's own, within that of its report. */
export interface Reproduction extends ListedRun {
  readonly reportFolder: string;
  readonly found: ScaleFound;
}

export interface Reported extends WrittenFig1b {
  readonly made: ReadRun;
}

/**
 * A run that has ended, as it was made: of another length and on other schedules than asked for, where it is further.
 * @throws {LabError} exit code 65 where it is damaged
 */
export async function madeRun({ folder, config }: Pick<Reproduction, 'folder' | 'config'>): Promise<ReadRun> {
  const run = await readRun(readingEnvironment(), await resolveRun(nodeStorage, folder));
  return run.state === 'finished' ? run : { ...run, state: 'finished', config };
}

/** Draws a run that has ended, and judges it. @throws {LabError} exit code 65 where it is damaged; 73 */
export async function reportReproduction(reproduction: Reproduction): Promise<Reported> {
  const made = await madeRun(reproduction);
  return { made, ...(await writeFig1b(made, reproduction.found, reproduction.reportFolder)) };
}

/**
 * Trains all, and reports those that came to their end; nothing is reported where a signal stopped them.
 * @throws {LabError} as `startRuns` and `reportReproduction`
 */
export async function reproduceSeveral(
  context: LabContext,
  figure: string,
  reproductions: readonly Reproduction[],
  flags: RunFlags,
): Promise<void> {
  const ends = await startRuns(context, reproductions, flags);
  const isStopped = ends.some(
    (end) => end.kind === 'notBegun' || (end.kind === 'ended' && end.result.outcome === 'stopped'),
  );
  const done = reproductions.filter((_, i) => ends[i].kind === 'ended');
  if (isStopped || done.length === 0) return;
  const reports: Reported[] = [];
  for (const reproduction of done) reports.push(await reportReproduction(reproduction));
  const names = done.map(({ name }) => name);
  const verdicts = reports.map((report) => report.verdicts);
  if (verdicts.some((own) => countVerdicts(own).fails > 0)) {
    const codes = [Number(context.process.exitCode ?? 0), exitCodes.checkFailed];
    context.process.exitCode = worstExitCode(codes);
  }
  const { stdout } = context.process;
  const together = reports.length < 2 ? undefined : await reportTogether(reports, done, flags);
  if (flags.json) {
    const judged = names.map((run, i) => ({ run, files: reports[i].files, verdicts: verdicts[i] }));
    stdout.write(`${JSON.stringify({ kind: 'report', figure, runs: judged, together: together?.json })}\n`);
    return;
  }
  const width = stdout.isTerminal ? stdout.columns() - 1 : undefined;
  const pages = reports.flatMap(({ files }) => files.slice(-1));
  stdout.write(`\n${together?.text(width) ?? ''}${claimsText(names, verdicts, width)}${fileList(pages)}`);
}

function reportTogether(reports: readonly Reported[], done: readonly Reproduction[], { out }: RunFlags) {
  const runs = reports.map(({ made }) => made);
  const folder = out ?? `${done[0].reportFolder}-and-${runs.length - 1}-more-${hashOfRuns(runs)}`;
  return reportSeveral(runs, folder);
}

/** Every claim once: in how many runs it holds, in which it fails; what was not judged, with why. */
export function claimsText(
  names: readonly string[],
  verdicts: readonly (readonly ClaimVerdict[])[],
  width?: number,
): string {
  const ids = verdicts[0].map(({ id }) => id);
  const of = (id: string, verdict: ClaimVerdict['verdict']) =>
    names.filter((_, i) => verdicts[i].some((own) => own.id === id && own.verdict === verdict));
  const judged = ids
    .map((id) => ({ id, holds: of(id, 'holds'), fails: of(id, 'fails') }))
    .filter(({ holds, fails }) => holds.length + fails.length > 0);
  const rows = judged.map(({ id, holds, fails }) =>
    [id, `${holds.length} of ${holds.length + fails.length}`, fails.join(', ')].map(visibleLine),
  );
  const open = ids.filter((id) => judged.every((claim) => claim.id !== id));
  const reasons = new Set(
    verdicts.flat().flatMap((own) => (own.verdict === 'not applicable' ? [own.why] : [])),
  );
  const table = rows.length === 0 ? '' : fittedTable(['claim', 'holds in', 'fails in'], rows, width);
  const why = open.length === 0 ? '' : ` (${[...reasons].map(visibleLine).join('; ')})`;
  return `${table}claims not applicable: ${open.length}${why}\n`;
}
