/** A run by the word that means it, with its settings and the moments whose weights it has kept. Reads only. */
import type { RunConfig } from './config.ts';
import { configHash } from './config-hash.ts';
import { resolveRun } from './find-runs.ts';
import {
  assertKept,
  type KeptWeights,
  keptWeights,
  readWeights,
  type RunWeights,
  weightsAt,
} from './kept-weights.ts';
import { readFolder } from './run-folder.ts';
import type { Storage } from './storage/storage.ts';

export interface WeightsOfRun {
  readonly folder: string;
  readonly name: string;
  readonly id: string | undefined;
  readonly config: RunConfig;
  /** Oldest first; at least one. */
  readonly kept: readonly KeptWeights[];
  /** The moment that a number of sequences means; without one the last. @throws {LabError} exit code 64 */
  at(sequences?: number): KeptWeights;
  /** @throws {LabError} exit code 65 for a damaged file */
  read(moment: KeptWeights): Promise<RunWeights>;
}

/**
 * @param word a folder, name or id
 * @param roots folders that names and ids are looked for in
 * @throws {LabError} exit code 64 no such run, or no weights kept yet; 65 damaged
 */
export async function weightsOfRun(
  storage: Storage,
  word: string,
  roots?: readonly string[],
): Promise<WeightsOfRun> {
  const { folder, name, id } = await resolveRun(storage, word, roots);
  const { config } = await readFolder(storage, folder);
  const place = { storage, folder };
  const kept = await keptWeights(place);
  assertKept(kept, name);
  if (config === undefined) throw new Error(`${folder}: weights, and no config`);
  return {
    folder,
    name,
    id,
    config,
    kept,
    at: (sequences) =>
      sequences === undefined
        ? kept[kept.length - 1]
        : weightsAt(kept, sequences, config.train.batchSize, name),
    read: (moment) => readWeights(place, moment, configHash(config)),
  };
}
