/** Saving a run's state, finding the newest good one again, and keeping only as many as asked for. */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readCapped } from './capped-read.ts';
import { type CheckpointContent, decodeCheckpoint, encodeCheckpoint } from './checkpoint-file.ts';
import { recordsUpTo } from './metrics-log.ts';
import {
  type CheckpointName,
  checkpointStem,
  checkpointsAmong,
  isLeftover,
  snapshotStem,
  snapshotsAmong,
} from './run-files.ts';
import { commitWithRetry, storageReason } from './storage/commit-file.ts';
import { hasCode, type Storage, StorageError } from './storage/storage.ts';

/** Where checkpoints go and come from. */
export interface CheckpointFolder {
  readonly storage: Storage;
  readonly folder: string;
}

/** What every checkpoint of a run must say to be one of its own. */
export interface CheckpointIdentity {
  readonly configHash: string;
  readonly engineVersion: string;
  readonly interventions?: readonly string[];
}

export interface Recovered {
  readonly file: CheckpointName;
  readonly content: CheckpointContent;
}

/**
 * Saves a state durably and returns its file's name.
 * @throws {LabError} exit code 73 when it failed twice; what was saved before is untouched
 */
export async function saveCheckpoint(
  { storage, folder }: CheckpointFolder,
  content: CheckpointContent,
): Promise<string> {
  const stem = content.kind === 'checkpoint' ? checkpointStem : snapshotStem;
  const name = stem(content.sequences, content.generation);
  return commitWithRetry(storage, folder, name, 'safetensors', await encodeCheckpoint(content));
}

/**
 * Removes full checkpoints but the newest `keep` of those known to be good; files of unknown state only fill the
 * places that are left. A file that cannot be removed stays: it costs space alone. What a later owner wrote is left
 * alone: an owner that was stalled in its save may have lost the run meanwhile.
 * @param good names saved or read successfully by this process, oldest first
 * @param generation this owner's
 */
export async function pruneCheckpoints(
  { storage, folder }: CheckpointFolder,
  good: readonly string[],
  keep: number,
  generation: number,
): Promise<void> {
  const names = checkpointsAmong(await storage.list(folder))
    .filter((file) => file.generation <= generation)
    .map(({ name }) => name);
  const kept = new Set(good.slice(-keep));
  for (const name of names) if (kept.size < keep) kept.add(name);
  for (const name of names) {
    if (kept.has(name)) continue;
    await storage.remove(`${folder}/${name}`).catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
    });
  }
}

/** Removes what saves and starts that were cut off left behind. Nothing in it was ever complete. */
export async function removeLeftovers({ storage, folder }: CheckpointFolder): Promise<void> {
  for (const name of (await storage.list(folder)).filter(isLeftover)) {
    await storage.remove(`${folder}/${name}`).catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
    });
  }
}

/**
 * The newest checkpoint that passes every check, together with all the metrics before it.
 * @param warn told once, in one line, about those that did not pass
 * @returns undefined where there is no checkpoint at all
 * @throws {LabError} exit code 65 where there are some but none is good; 64 for another engine's
 * @throws {StorageError} where the disk, not a file, stands in the way
 */
export async function recoverCheckpoint(
  place: CheckpointFolder,
  identity: CheckpointIdentity,
  warn: (line: string) => void,
): Promise<Recovered | undefined> {
  const files = checkpointsAmong(await place.storage.list(place.folder));
  const problems: string[] = [];
  let failure: StorageError | undefined;
  for (const file of files) {
    try {
      const content = await readGood(place, file, identity);
      if (problems.length > 0) warn(`${problems.join('; ')}; going on from ${file.name}`);
      return { file, content };
    } catch (error) {
      if (error instanceof LabError && error.exitCode === exitCodes.badData) problems.push(error.message);
      else if (hasCode(error, ...unreadable)) problems.push(`${file.name}: ${storageReason(error)}`);
      else throw error;
      if (hasCode(error, 'EIO')) failure ??= error;
    }
  }
  if (problems.length === 0) return undefined;
  if (failure) throw failure; // all of them at once: the disk is more likely to be at fault than every file on it
  throw new LabError(
    `${place.folder}: none of its ${files.length} checkpoints can be used: ${problems[0]}; ` +
      'give another --out to start anew',
    exitCodes.badData,
  );
}

/**
 * What makes one file as good as damaged: blocks that cannot be read any more, or its removal meanwhile. Anything else
 * (no permission, too many open files) says nothing about the file, and passing over it would undo saved work.
 */
const unreadable = ['EIO', 'ENOENT'] as const;

async function readGood(
  place: CheckpointFolder,
  file: CheckpointName,
  identity: CheckpointIdentity,
): Promise<CheckpointContent> {
  const content = await readCheckpoint(place, file, 'checkpoint');
  if (content.configHash !== identity.configHash) {
    throw new LabError(`${file.name}: belongs to config ${content.configHash}`, exitCodes.badData);
  }
  if (content.engineVersion !== identity.engineVersion) {
    throw new LabError(
      `${place.folder}/${file.name}: made by engine ${content.engineVersion}, this is ${identity.engineVersion}, ` +
        'whose numbers differ; give another --out to start anew',
    );
  }
  await recordsUpTo(place.storage, place.folder, content.metrics ?? null);
  return content;
}

/**
 * One checkpoint or snapshot, checked from its name to its last byte.
 * @throws {LabError} exit code 65
 */
export async function readCheckpoint(
  { storage, folder }: CheckpointFolder,
  file: CheckpointName,
  kind: CheckpointContent['kind'],
): Promise<CheckpointContent> {
  const content = decodeCheckpoint(
    await readCapped(storage, `${folder}/${file.name}`, 'checkpoint'),
    file.name,
    kind,
  );
  if (content.sequences !== file.sequences || content.generation !== file.generation) {
    throw new LabError(
      `${file.name}: holds ${content.sequences} sequences of generation ${content.generation}: another file's content`,
      exitCodes.badData,
    );
  }
  return content;
}

/** Whether a good snapshot after that many sequences is there already. */
export async function hasSnapshot(
  place: CheckpointFolder,
  sequences: number,
  configHash: string,
): Promise<boolean> {
  for (const file of snapshotsAmong(await place.storage.list(place.folder))) {
    if (file.sequences !== sequences) continue;
    try {
      if ((await readCheckpoint(place, file, 'snapshot')).configHash === configHash) return true;
    } catch (error) {
      const isDamage = error instanceof LabError && error.exitCode === exitCodes.badData;
      if (!isDamage && !hasCode(error, ...unreadable)) throw error;
    }
  }
  return false;
}
