/** A run folder as figures and comparisons need it: settings, records, and where the run stands. Reads only. */
import { LabError } from '../../src/errors/lab-error.ts';
import { formatSequences, formatShare } from '../../src/report/format.ts';
import type { MetricsTable } from '../../src/report/metrics-table.ts';
import type { RunConfig } from '../../src/runs/config.ts';
import type { FoundRun } from '../../src/runs/find-runs.ts';
import { readCheckedMetrics } from '../../src/runs/metrics-log.ts';
import { ownerOf } from '../../src/runs/ownership.ts';
import { readFolder, readLastStart, type StartRecord } from '../../src/runs/run-folder.ts';
import { type StandingState, standingOf } from '../../src/runs/run-standing.ts';
import type { SummaryEnvironment } from '../../src/runs/run-summary.ts';

export interface ReadRun extends FoundRun {
  readonly config: RunConfig;
  /** Of its last start. */
  readonly record: StartRecord;
  readonly table: MetricsTable;
  readonly state: StandingState;
  /** Sequences seen at the last sign of it: a record, a checkpoint or its end. */
  readonly sequences: number;
}

/** @throws {LabError} exit code 65 where something of the run is damaged, 64 where it has not begun */
export async function readRun(environment: SummaryEnvironment, run: FoundRun): Promise<ReadRun> {
  const { storage } = environment;
  const { folder } = run;
  const { config, finishedAt } = await readFolder(storage, folder);
  if (config === undefined)
    throw new LabError(`${folder}: the run has not begun; wait for its first evaluation`);
  const record = await readLastStart(storage, folder);
  const table = await readCheckedMetrics(storage, folder, finishedAt?.metrics);
  const names = await storage.list(folder);
  const owner = await ownerOf({ ...environment, folder }, names);
  const { state, sequences } = standingOf(names, { finishedAt }, config, owner, table);
  return { ...run, config, record, table, state, sequences };
}

/** `running, at 1.2M of 6M sequences (20%)`; undefined for a finished run. */
export function standingText({ state, sequences, config }: ReadRun): string | undefined {
  if (state === 'finished') return undefined;
  const { trainSequences } = config.train;
  const share = trainSequences > 0 ? ` (${formatShare(sequences / trainSequences)})` : '';
  return `${state}, at ${formatSequences(sequences)} of ${formatSequences(trainSequences)} sequences${share}`;
}

/** @throws {LabError} exit code 64 where nothing was measured yet */
export function assertEvaluated({ name, folder, table, state }: ReadRun): void {
  if (table.some((record) => record.kind === 'evaluation')) return;
  const next = state === 'running' ? 'wait for its first' : 'go on with it first';
  throw new LabError(`${name}: no evaluation in ${folder} yet; ${next}`);
}
