/** `iclab clean`: gives disk space back; without --yes it only tells what would go. */
import { rmdir } from 'node:fs/promises';
import { buildCommand } from '@stricli/core';
import { LabError } from '../errors/lab-error.ts';
import { formatBytes } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import { type CleanExtent, type CleanPlan, cleanRun, planClean } from '../runs/clean-run.ts';
import { defaultRoots, findRuns, type FoundRun, resolveRun } from '../runs/find-runs.ts';
import { ownerOf } from '../runs/ownership.ts';
import { nodeProcessTable } from '../runs/process-identity.ts';
import { systemCode } from '../runs/storage/commit-file.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { errorLine, exitCodeOf } from './error-line.ts';
import { jsonFlag, switchFlag } from './flags.ts';
import { textTable } from './text-table.ts';

interface CleanFlags {
  readonly yes?: boolean;
  readonly snapshots?: boolean;
  readonly whole?: boolean;
  readonly json?: boolean;
}

interface Cleaning extends CleanPlan {
  readonly run: FoundRun;
  readonly outcome: 'removed' | 'would remove' | 'running' | 'failed';
}

async function clean(this: LabContext, flags: CleanFlags, ...words: string[]): Promise<void> {
  const extent = extentOf(flags, words);
  const runs: FoundRun[] = [];
  for (const word of words) runs.push(await resolveRun(nodeStorage, word));
  if (words.length === 0) runs.push(...(await findRuns(nodeStorage)));
  const cleanings: Cleaning[] = [];
  for (const run of runs) cleanings.push(await cleanOne(this, run, extent, flags.yes ?? false));
  const { stdout } = this.process;
  stdout.write(flags.json ? `${JSON.stringify(cleanings)}\n` : cleaningsText(cleanings, flags.yes ?? false));
}

/** @throws {LabError} where whole runs are to go and none is named */
function extentOf({ snapshots, whole }: CleanFlags, words: readonly string[]): CleanExtent {
  if (!whole) return snapshots ? 'snapshots' : 'spare';
  if (words.length > 0) return 'whole';
  throw new LabError('--whole: removes runs entirely, so name them: iclab clean --whole RUN...');
}

/** One run that cannot be cleaned is told, and the others are cleaned all the same. */
async function cleanOne(
  context: LabContext,
  run: FoundRun,
  extent: CleanExtent,
  isMeant: boolean,
): Promise<Cleaning> {
  const { folder } = run;
  const environment = { storage: nodeStorage, folder, processes: nodeProcessTable(), now: Date.now };
  const nothing = { run, folder, removals: [], bytes: 0 };
  try {
    const owner = await ownerOf(environment, await nodeStorage.list(folder));
    if (owner?.state === 'running') return { ...nothing, kept: 'it is running', outcome: 'running' };
    const plan = await planClean(nodeStorage, folder, extent);
    if (!isMeant) return { ...plan, run, outcome: 'would remove' };
    if (plan.removals.length > 0) await cleanRun(environment, plan, extent);
    if (extent === 'whole') await removeEmptyFolder(folder);
    return { ...plan, run, outcome: 'removed' };
  } catch (error) {
    context.process.stderr.write(`${errorLine(error)}\n`);
    context.process.exitCode = exitCodeOf(error);
    return { ...nothing, kept: 'see the error', outcome: 'failed' };
  }
}

/** What is not the run's own keeps the folder. */
async function removeEmptyFolder(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'EEXIST') throw error;
  }
}

function cleaningsText(cleanings: readonly Cleaning[], isMeant: boolean): string {
  const told = cleanings.filter(
    ({ bytes, removals, kept }) => bytes > 0 || removals.length > 0 || kept !== undefined,
  );
  const rows = told.map(({ run, removals, bytes, kept }) => [
    visibleLine(run.name),
    removals.length === 0 ? '' : `${removals.length} ${removals.length === 1 ? 'file' : 'files'}`,
    bytes === 0 ? '' : formatBytes(bytes),
    kept === undefined ? '' : visibleLine(`kept: ${kept}`),
  ]);
  const bytes = cleanings.reduce((sum, cleaning) => sum + cleaning.bytes, 0);
  if (bytes === 0 && told.length === 0) {
    const where = cleanings.length === 0 ? `no runs in ${defaultRoots.join(' or ')}` : 'nothing to remove';
    return `${where}\n`;
  }
  const closing = isMeant
    ? `removed ${formatBytes(bytes)}`
    : `${formatBytes(bytes)} could go; nothing was removed: give --yes to remove it`;
  return `${textTable(rows)}${closing}\n`;
}

export const cleanCommand = buildCommand<CleanFlags, string[], LabContext>({
  func: clean,
  parameters: {
    flags: {
      yes: switchFlag('Remove; without it nothing is touched'),
      snapshots: switchFlag('Also the weight-only snapshots, which analyses read'),
      whole: switchFlag('The runs that are named, entirely'),
      json: jsonFlag('As one JSON array, every file named'),
    },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        placeholder: 'run',
        brief: 'Folders, names or ids of runs (default: all in runs and reproduction)',
      },
    },
  },
  docs: {
    brief: 'Give disk space back: spare checkpoints, snapshots, whole runs',
    fullDescription: `Give disk space back. Without --yes it only tells what would go.

By default that is what cut-off saves left behind and, of finished runs, the full checkpoints but the newest good one,
from which a run can still be made longer. Metrics and configs are never removed but with --whole. Runs that another
process has are left alone, and so are files this program did not make.

EXAMPLES
  iclab clean                         how much could go, run by run
  iclab clean --yes
  iclab clean sigma-0.3 --snapshots --yes
  iclab clean --whole smoke-93c751f973bb --yes`,
  },
});
