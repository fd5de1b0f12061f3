/** `iclab runs`: every run there is, where it stands and what it takes. */
import { buildCommand } from '@stricli/core';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { formatBytes } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import { defaultRoots, findRuns } from '../runs/find-runs.ts';
import { nodeProcessTable } from '../runs/process-identity.ts';
import { type RunSummary, summariseRun } from '../runs/run-summary.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { errorLine } from './error-line.ts';
import { jsonFlag } from './flags.ts';
import { runsTable } from './runs-table.ts';

interface RunsFlags {
  readonly json?: boolean;
}

/** Summaries of all runs under some folders, in order. @throws {LabError} where a folder that was named is not there */
export async function summariseAll(folders: readonly string[]): Promise<RunSummary[]> {
  for (const folder of folders) {
    if ((await nodeStorage.status(folder)) !== undefined) continue;
    throw new LabError(
      `"${folder}": no such folder; iclab runs without one looks in ${defaultRoots.join(' and ')}`,
    );
  }
  const environment = { storage: nodeStorage, processes: nodeProcessTable(), now: Date.now };
  const summaries: RunSummary[] = [];
  for (const run of await findRuns(nodeStorage, folders.length > 0 ? folders : defaultRoots)) {
    summaries.push(await summariseRun(environment, run));
  }
  return summaries;
}

async function listRuns(this: LabContext, { json }: RunsFlags, ...folders: string[]): Promise<void> {
  const { stdout } = this.process;
  const runs = await summariseAll(folders);
  if (json) {
    stdout.write(`${JSON.stringify(runs)}\n`);
  } else if (runs.length === 0) {
    const where = (folders.length > 0 ? folders : defaultRoots).join(' or ');
    stdout.write(`no runs in ${visibleLine(where)}; start one: iclab train smoke\n`);
  } else {
    stdout.write(runsTable(runs, Date.now(), stdout.isTerminal ? stdout.columns() - 1 : undefined));
    const bytes = runs.reduce((sum, { disk }) => sum + disk.bytes, 0);
    stdout.write(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, ${formatBytes(bytes)} on disk\n`);
  }
  for (const { problem } of runs) {
    if (problem === undefined) continue;
    this.process.stderr.write(`${errorLine(new LabError(problem))}\n`);
    this.process.exitCode = exitCodes.badData;
  }
}

export const runsCommand = buildCommand<RunsFlags, string[], LabContext>({
  func: listRuns,
  parameters: {
    flags: { json: jsonFlag('As one JSON array, configs and all metrics of the last evaluation included') },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        placeholder: 'folder',
        brief: 'Where to look, at any depth (default: runs and reproduction)',
      },
    },
  },
  docs: {
    brief: 'List the runs: state, progress, last metrics, disk use',
    fullDescription: `List the runs: state, progress, last metrics, disk use.

EXAMPLES
  iclab runs
  iclab runs sweeps --json
  watch -n 10 iclab runs

STATES
  running      its process lives, or has been heard of in the last minute
  finished     it ran to its end
  stopped      it left in good order before its end; the same command goes on
  interrupted  its process was killed or its machine went down; the same command goes on
  damaged      something of it cannot be read; what, is told on stderr, and the exit code is 65

Commands that read runs take a run's folder, its name or its id, which may be cut to 4 letters.`,
  },
});
