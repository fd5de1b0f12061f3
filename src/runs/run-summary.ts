/** What a run folder tells at a glance, whether it is being written, finished, interrupted or damaged. Reads only. */
import { LabError } from '../errors/lab-error.ts';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import type { RunConfig } from './config.ts';
import { type DiskUse, diskUse } from './disk-use.ts';
import type { FoundRun } from './find-runs.ts';
import { readCheckedMetrics } from './metrics-log.ts';
import { type ConfigInWords, nearestPreset } from './nearest-preset.ts';
import { ownerOf } from './ownership.ts';
import type { ProcessTable } from './process-identity.ts';
import type { StoredRecord } from './records.ts';
import { readFolder } from './run-folder.ts';
import { type StandingState, standingOf } from './run-standing.ts';
import { storageReason } from './storage/commit-file.ts';
import { type Storage, StorageError } from './storage/storage.ts';

/** `damaged`: `problem` says what of it cannot be read. */
export type RunState = StandingState | 'damaged';

export interface RunSummary extends FoundRun {
  readonly state: RunState;
  /** One line. */
  readonly problem?: string;
  readonly config?: RunConfig;
  readonly settings?: ConfigInWords;
  /** Sequences seen at the last sign of it: a record, a checkpoint or its end. */
  readonly sequences: number;
  readonly trainSequences?: number;
  /** Records of the last evaluation, one per evaluator. */
  readonly lastEvaluation: readonly EvaluationRecord[];
  /** Last sign of life of its last owner, milliseconds since 1970. */
  readonly lastSignMs?: number;
  readonly disk: DiskUse;
}

export interface SummaryEnvironment {
  readonly storage: Storage;
  readonly processes: ProcessTable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Never fails for what is in the folder. @throws {StorageError} where the folder itself cannot be listed */
export async function summariseRun(environment: SummaryEnvironment, run: FoundRun): Promise<RunSummary> {
  const { storage } = environment;
  const { folder } = run;
  const names = await storage.list(folder);
  const problems: string[] = [];
  const owner = await attempt(problems, () => ownerOf({ ...environment, folder }, names));
  const content = await attempt(problems, () => readFolder(storage, folder));
  const { config, finishedAt } = content ?? {};
  const records =
    (await attempt(problems, () => readCheckedMetrics(storage, folder, finishedAt?.metrics))) ?? [];
  const { state, sequences } = standingOf(names, { finishedAt }, config, owner, records);
  return {
    ...run,
    state: problems.length > 0 ? 'damaged' : state,
    ...(problems.length > 0 ? { problem: problems[0] } : {}),
    ...(config
      ? { config, settings: nearestPreset(config), trainSequences: config.train.trainSequences }
      : {}),
    sequences,
    lastEvaluation: lastEvaluation(records),
    ...(owner ? { lastSignMs: owner.lastSignMs } : {}),
    disk: await diskUse(storage, folder),
  };
}

/** What reading gives; a damage is told and gives nothing. */
async function attempt<T>(problems: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LabError) problems.push(error.message);
    else if (error instanceof StorageError) problems.push(`${error.path}: ${storageReason(error)}`);
    else throw error;
    return undefined;
  }
}

/** The records of the last evaluation of a run. */
export function lastEvaluation(records: readonly StoredRecord[]): EvaluationRecord[] {
  const evaluations = records.filter((record) => record.kind === 'evaluation');
  const last = evaluations.at(-1)?.sequences;
  return evaluations.filter(({ sequences }) => sequences === last);
}
