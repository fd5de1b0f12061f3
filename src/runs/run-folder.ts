/**
 * What stands in a run folder besides checkpoints and metrics: the frozen config, a record of every start, and
 * `done.json`, which alone says that a run is finished. Decides whether a command may go on in a folder.
 */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { dataError, printable } from '../formats/data-error.ts';
import { completeRunConfig, type RunConfig, runConfigSchema, seedsOf } from './config.ts';
import { type ConfigDifference, configDifferences, configHash, isGrowable } from './config-hash.ts';
import { type MetricsPosition, metricsPosition } from './metrics-position.ts';
import {
  configFile,
  doneFile,
  doneStem,
  firstStartFile,
  firstStartStem,
  laterStartStem,
  startsAmong,
} from './run-files.ts';
import { isRunId } from './run-id.ts';
import { readJson } from './run-json.ts';
import { endOf } from './schedule.ts';
import { isIntact, jsonChecksum, sealed } from './sealed-json.ts';
import { checkedStartRecord, type StartRecord } from './start-record.ts';
import { commitWithRetry } from './storage/commit-file.ts';
import type { Storage } from './storage/storage.ts';

export type { StartRecord };

/** The folder of a run that was not given one: the same settings always lead to the same place. */
export function defaultRunFolder(label: string, config: RunConfig): string {
  return `runs/${label}-${configHash(config)}`;
}

export interface FolderState {
  /** The config the folder was made for, with the length and schedules of its last start; undefined in a new folder. */
  readonly config: RunConfig | undefined;
  /** Sequences after which the run was finished; undefined while it is not. */
  readonly finishedAt: FinishedAt | undefined;
}

export interface FinishedAt {
  readonly sequences: number;
  readonly step: number;
  /** Where its metrics end; absent in folders of older versions. */
  readonly metrics?: MetricsPosition;
}

/** What a folder holds. @throws {LabError} exit code 65 where one of these files is damaged */
export async function readFolder(storage: Storage, folder: string): Promise<FolderState> {
  const frozen = await readJson(storage, `${folder}/${configFile}`);
  if (frozen === undefined) return { config: undefined, finishedAt: undefined };
  let config = checkedConfig(frozen, `${folder}/${configFile}`);
  const [newest] = startsAmong(await storage.list(folder));
  if (newest !== undefined) {
    const record = (await readStart(storage, folder, newest)) ?? {};
    config = checkedConfig(record.config, `${folder}/${newest}`);
    if (record.configSha256 !== undefined && record.configSha256 !== jsonChecksum(frozen)) {
      throw dataError(`${folder}/${configFile}`, '', `not as it was written: damaged; ${removeAndGoOn}`);
    }
  }
  return { config, finishedAt: await readDone(storage, `${folder}/${doneFile}`) };
}

/** None of the small files is needed to go on: each is written anew from the command. */
const removeAndGoOn = 'remove it and give the same command again';

/** The record of one start; undefined where it is missing. */
async function readStart(
  storage: Storage,
  folder: string,
  name: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const path = `${folder}/${name}`;
  const record = await readJson(storage, path);
  if (!record) return undefined;
  const { generation } = record;
  const isItsOwn = name === firstStartFile || name === `${laterStartStem(Number(generation))}.json`;
  if (isIntact(record, 'configSha256') && isItsOwn) return record;
  throw dataError(path, '', `not as it was written: damaged; ${removeAndGoOn}`);
}

async function readDone(storage: Storage, path: string): Promise<FolderState['finishedAt']> {
  const done = await readJson(storage, path);
  if (done === undefined) return undefined;
  const { sequences, step, metrics } = done;
  const position =
    typeof metrics === 'object' ? metricsPosition(new Map(Object.entries(metrics ?? {}))) : undefined;
  if (!isCount(sequences) || !isCount(step)) {
    throw new LabError(
      `${path}: does not say after how many sequences: damaged; remove it and the run goes on`,
      exitCodes.badData,
    );
  }
  if (!isIntact(done, 'metrics') || (metrics !== undefined && !position))
    throw dataError(path, '', 'not as it was written: damaged; remove it and the run goes on');
  return { sequences, step, ...(position ? { metrics: position } : {}) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Whether a config may go on in a folder, and whether there is anything left to do.
 * @throws {LabError} exit code 64 naming every setting that differs, or a length that an unfinished run exceeds
 */
export function continuation(
  state: FolderState,
  wanted: RunConfig,
  folder: string,
): 'new' | 'goOn' | 'finished' {
  const { config, finishedAt } = state;
  if (!config) return 'new';
  const differences = configDifferences(config, wanted).filter(({ path }) => !isGrowable(path));
  if (differences.length > 0) {
    throw new LabError(
      `${folder}: holds a run of another config: ${differences.map(shownDifference).join(', ')}; ` +
        'give another --out, or the same settings to go on',
    );
  }
  const [before, now] = [config.train.trainSequences, wanted.train.trainSequences];
  if (finishedAt && finishedAt.sequences >= endOf(now, wanted.train.batchSize)) return 'finished';
  if (now < before) {
    throw new LabError(
      `${folder}: train.trainSequences: a run can be made longer, not shorter: it has ${before}, got ${now}; ` +
        'give another --out',
    );
  }
  return 'goOn';
}

/** Schedules that are wanted other than a finished run had them, as they would be typed. */
export function schedulesNotApplied({ config }: FolderState, wanted: RunConfig): string[] {
  if (!config) return [];
  return configDifferences(config, wanted)
    .filter(({ path }) => isGrowable(path) && !['train.trainSequences', 'data.source.file'].includes(path))
    .map(({ path, before, after }) => `${path}=${JSON.stringify(after)} (it has ${JSON.stringify(before)})`);
}

function shownDifference({ path, before, after }: ConfigDifference): string {
  const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
  return `${path} is ${shown(before)} there, ${shown(after)} here`;
}

/**
 * The record of a run's last start: of the command that made it what it is.
 * @throws {LabError} exit code 65 where there is none that can be read
 */
export async function readLastStart(storage: Storage, folder: string): Promise<StartRecord> {
  const record = await findLastStart(storage, folder);
  if (record) return record;
  const path = `${folder}/${startsAmong(await storage.list(folder))[0] ?? firstStartFile}`;
  throw dataError(path, '', 'missing; was this run started by this program?');
}

/** The same; undefined in a folder where no start was recorded. @throws {LabError} exit code 65 for a damaged one */
export async function findLastStart(storage: Storage, folder: string): Promise<StartRecord | undefined> {
  const [newest] = startsAmong(await storage.list(folder));
  const record = newest === undefined ? undefined : await readStart(storage, folder, newest);
  return record && checkedStartRecord(record, `${folder}/${newest}`);
}

/** The id the run got at its first start; undefined where no record of a start can be read. */
export async function readRunId(storage: Storage, folder: string): Promise<string | undefined> {
  // Every record has it: the oldest that can be read will do.
  for (const name of startsAmong(await storage.list(folder)).toReversed()) {
    try {
      const record = await readJson(storage, `${folder}/${name}`);
      if (isRunId(record?.id)) return record.id;
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
    }
  }
  return undefined;
}

/** Writes the frozen config (once) and the record of this start. Both are durable before any training. */
export async function writeStart(
  storage: Storage,
  folder: string,
  generation: number,
  config: RunConfig,
  record: StartRecord,
): Promise<void> {
  if ((await storage.status(`${folder}/${configFile}`)) === undefined) {
    await commitWithRetry(storage, folder, 'config', 'json', encodeJson(config), { replace: true });
  }
  const seeds = seedsOf(config);
  const id = (await readRunId(storage, folder)) ?? record.id;
  const configSha256 = jsonChecksum(await readJson(storage, `${folder}/${configFile}`));
  const full = sealed({ ...record, id, generation, seeds, config, configSha256 });
  const isFirst = (await storage.status(`${folder}/${firstStartFile}`)) === undefined;
  const stem = isFirst ? firstStartStem : laterStartStem(generation);
  await commitWithRetry(storage, folder, stem, 'json', encodeJson(full), { replace: true });
}

/** Says that the run is finished: the last thing a run writes. */
export async function writeDone(
  storage: Storage,
  folder: string,
  end: {
    readonly sequences: number;
    readonly step: number;
    readonly finished: string;
    readonly checkpoint: string;
    readonly metrics: MetricsPosition;
  },
): Promise<void> {
  await commitWithRetry(storage, folder, doneStem, 'json', encodeJson(sealed(end)), { replace: true });
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

function checkedConfig(value: unknown, path: string): RunConfig {
  const parsed = runConfigSchema.safeParse(value);
  if (parsed.success) return completeRunConfig(parsed.data);
  const [issue] = parsed.error.issues;
  throw dataError(
    path,
    issue.path.map(String).join('.'),
    `${printable(issue.message, 200)}: damaged or of another version; give another --out to start anew`,
  );
}
