/**
 * What of a run folder can go without losing anything a reader needs, and letting it go. Only files that this program
 * made are ever removed, and of a run that another process has, none.
 */
import { LabError } from '../errors/lab-error.ts';
import { readCheckpoint } from './checkpoints.ts';
import { configHash } from './config-hash.ts';
import { recordsUpTo } from './metrics-log.ts';
import { Ownership, type OwnershipEnvironment } from './ownership.ts';
import {
  type CheckpointName,
  checkpointsAmong,
  configFile,
  doneFile,
  isLeftover,
  isRunFile,
  ownerFile,
  snapshotsAmong,
} from './run-files.ts';
import { type FolderState, readFolder } from './run-folder.ts';
import { cannotWrite } from './storage/commit-file.ts';
import { type Storage, StorageError } from './storage/storage.ts';

/**
 * `spare`: what cut-off saves left and, of a finished run, full checkpoints but the newest good one (an unfinished run
 * may still have to fall back on them). `snapshots`: those too, and the weight-only snapshots. `whole`: everything the
 * run has.
 */
export type CleanExtent = 'spare' | 'snapshots' | 'whole';

export interface Removal {
  readonly name: string;
  readonly bytes: number;
}

/** Names in the order in which they may be removed. */
export interface CleanPlan {
  readonly folder: string;
  readonly removals: readonly Removal[];
  readonly bytes: number;
  /** Why less is removed than was asked for. */
  readonly kept?: string;
}

/** @throws {StorageError} where the folder cannot be read */
export async function planClean(storage: Storage, folder: string, extent: CleanExtent): Promise<CleanPlan> {
  const names = await storage.list(folder);
  const { remove, kept } =
    extent === 'whole' ? wholeRun(names) : await spareFiles(storage, folder, names, extent);
  const removals: Removal[] = [];
  for (const name of remove) {
    removals.push({ name, bytes: (await storage.status(`${folder}/${name}`))?.bytes ?? 0 });
  }
  const bytes = removals.reduce((sum, removal) => sum + removal.bytes, 0);
  return { folder, removals, bytes, ...(kept === undefined ? {} : { kept }) };
}

/**
 * First what says that the run is finished, last what makes the folder a run's: cut off at any point, what is left is a
 * run that can be removed again, or started anew.
 */
function wholeRun(names: readonly string[]): { remove: string[]; kept?: string } {
  const own = names.filter(isRunFile);
  const first = own.filter((name) => name === doneFile);
  const last = own.filter((name) => name === configFile);
  const rest = own.filter((name) => name !== doneFile && name !== configFile);
  const others = names.filter((name) => !isRunFile(name));
  return {
    remove: [...first, ...rest, ...last],
    ...(others.length > 0 ? { kept: `not a file of the run: ${others.join(', ')}` } : {}),
  };
}

async function spareFiles(
  storage: Storage,
  folder: string,
  names: readonly string[],
  extent: CleanExtent,
): Promise<{ remove: string[]; kept?: string }> {
  const remove = names.filter(isLeftover);
  if (extent === 'snapshots') remove.push(...snapshotsAmong(names).map(({ name }) => name));
  let state: FolderState;
  try {
    state = await readFolder(storage, folder);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { remove, kept: `its checkpoints: ${error.message}` };
  }
  const checkpoints = checkpointsAmong(names);
  if (!state.finishedAt || checkpoints.length < 2) return { remove };
  const good = await newestGood(storage, folder, checkpoints, state);
  // Without one to go on from every file may still be of use to somebody.
  if (!good) return { remove, kept: 'its checkpoints: none of them is good' };
  return { remove: [...remove, ...checkpoints.filter((file) => file !== good).map(({ name }) => name)] };
}

/** The newest checkpoint that a session could go on from, whatever its engine. */
async function newestGood(
  storage: Storage,
  folder: string,
  files: readonly CheckpointName[],
  { config }: FolderState,
): Promise<CheckpointName | undefined> {
  for (const file of files) {
    try {
      const content = await readCheckpoint({ storage, folder }, file, 'checkpoint');
      if (!config || content.configHash !== configHash(config)) continue;
      await recordsUpTo(storage, folder, content.metrics ?? null);
      return file;
    } catch (error) {
      if (!(error instanceof LabError) && !(error instanceof StorageError)) throw error;
    }
  }
  return undefined;
}

/**
 * Carries a plan out, as the run's owner: nobody can start it meanwhile.
 * @throws {LabError} exit code 73 while another process has the run, or where a file cannot be removed
 */
export async function cleanRun(
  environment: OwnershipEnvironment,
  { removals }: CleanPlan,
  extent: CleanExtent,
): Promise<void> {
  const { storage, folder } = environment;
  const ownership = await Ownership.take(environment);
  try {
    for (const { name } of removals) {
      await ownership.assertHeld();
      await storage.remove(`${folder}/${name}`);
    }
    if (extent === 'whole') await storage.remove(`${folder}/${ownerFile(ownership.generation)}`);
    await storage.syncDirectory(folder);
  } catch (error) {
    throw error instanceof StorageError ? cannotWrite(error.path, error) : error;
  } finally {
    if (extent !== 'whole') await ownership.release();
  }
}
