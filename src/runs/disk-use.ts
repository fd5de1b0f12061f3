/** What the files of a run folder take, by what they are for. */
import type { Storage } from './storage/storage.ts';
import { checkpointsAmong, isLeftover, metricsFile, segmentsAmong, snapshotsAmong } from './run-files.ts';

export interface DiskUse {
  readonly bytes: number;
  /** Full checkpoints, of which the newest is enough to go on. */
  readonly checkpointBytes: number;
  readonly snapshotBytes: number;
  readonly metricsBytes: number;
  /** What cut-off saves left. */
  readonly leftoverBytes: number;
}

/** @throws {StorageError} */
export async function diskUse(storage: Storage, folder: string): Promise<DiskUse> {
  const names = await storage.list(folder);
  const sizes = new Map<string, number>();
  for (const name of names) sizes.set(name, (await storage.status(`${folder}/${name}`))?.bytes ?? 0);
  const sum = (some: readonly string[]) => some.reduce((total, name) => total + (sizes.get(name) ?? 0), 0);
  return {
    bytes: sum(names),
    checkpointBytes: sum(checkpointsAmong(names).map(({ name }) => name)),
    snapshotBytes: sum(snapshotsAmong(names).map(({ name }) => name)),
    metricsBytes: sum(segmentsAmong(names).map(metricsFile)),
    leftoverBytes: sum(names.filter(isLeftover)),
  };
}
