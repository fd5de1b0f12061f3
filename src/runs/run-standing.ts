/** Where a run stands, from what its folder holds. Pure. */
import type { RunConfig } from './config.ts';
import type { RunOwner } from './ownership.ts';
import type { StoredRecord } from './records.ts';
import { checkpointsAmong } from './run-files.ts';
import type { FolderState } from './run-folder.ts';
import { endOf } from './schedule.ts';

/**
 * `stopped`: left in good order before its end; `interrupted`: its process was killed or its machine went down. Both go
 * on with the same command.
 */
export type StandingState = 'running' | 'finished' | 'stopped' | 'interrupted';

export interface RunStanding {
  readonly state: StandingState;
  /** Sequences seen at the last sign of it: a record, a checkpoint or its end. */
  readonly sequences: number;
}

const unfinishedStates = { running: 'running', ended: 'stopped', gone: 'interrupted' } as const;

/** A finished run that is being made longer still has the mark of its earlier end: only one at its length is finished. */
export function standingOf(
  names: readonly string[],
  { finishedAt }: Pick<FolderState, 'finishedAt'>,
  config: RunConfig | undefined,
  owner: RunOwner | undefined,
  records: readonly StoredRecord[],
): RunStanding {
  const length = config ? endOf(config.train.trainSequences, config.train.batchSize) : 0;
  if (finishedAt && finishedAt.sequences >= length)
    return { state: 'finished', sequences: finishedAt.sequences };
  const [newest] = checkpointsAmong(names);
  const signs = [finishedAt?.sequences, newest?.sequences, records.at(-1)?.sequences];
  return {
    state: unfinishedStates[owner?.state ?? 'gone'],
    sequences: Math.max(...signs.map((sequences) => sequences ?? 0)),
  };
}
