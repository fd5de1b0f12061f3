/**
 * The weights a run has kept over its training, from snapshots and full checkpoints alike: what analyses, interventions
 * and grafts look at. Reads only.
 */
import { createHash } from 'node:crypto';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { CheckpointContent } from './checkpoint-file.ts';
import { type CheckpointFolder, readCheckpoint } from './checkpoints.ts';
import { type CheckpointName, checkpointsAmong, snapshotsAmong } from './run-files.ts';
import { cannotRead } from './storage/commit-file.ts';
import { StorageError } from './storage/storage.ts';

/** One moment of a run whose weights are there. */
export interface KeptWeights {
  /** Sequences seen. */
  readonly sequences: number;
  readonly file: CheckpointName;
  readonly kind: CheckpointContent['kind'];
}

export interface RunWeights {
  readonly sequences: number;
  readonly step: number;
  /** By parameter name, row-major. */
  readonly weights: ReadonlyMap<string, Float32Array | Float64Array>;
  /** SHA-256 of names and numbers, in hexadecimal: the same for equal weights, whatever file they come from. */
  readonly hash: string;
}

/** Moments with their files, by sequences seen; where a snapshot and a checkpoint are of one moment, the snapshot. */
export async function keptWeights({ storage, folder }: CheckpointFolder): Promise<KeptWeights[]> {
  const names = await storage.list(folder);
  const found = new Map<number, KeptWeights>();
  for (const [kind, files] of [
    ['snapshot', snapshotsAmong(names)],
    ['checkpoint', checkpointsAmong(names)],
  ] as const) {
    for (const file of files) {
      if (!found.has(file.sequences)) found.set(file.sequences, { sequences: file.sequences, file, kind });
    }
  }
  return [...found.values()].toSorted((a, b) => a.sequences - b.sequences);
}

/**
 * The moment that a number of sequences means: that number, or the first whole batch after it, where a run saves what
 * is scheduled there.
 * @param run what to call it in errors
 * @throws {LabError} exit code 64 with the nearest moments that are there
 */
export function weightsAt(
  kept: readonly KeptWeights[],
  sequences: number,
  batchSize: number,
  run: string,
): KeptWeights {
  const found = kept.find(
    (moment) => moment.sequences >= sequences && moment.sequences < sequences + batchSize,
  );
  if (found) return found;
  assertKept(kept, run);
  const before = kept.findLast((moment) => moment.sequences < sequences);
  const after = kept.find((moment) => moment.sequences > sequences);
  const near = [before, after].flatMap((moment) => (moment ? [moment.sequences] : []));
  throw new LabError(
    `${run}: no weights kept at ${sequences} sequences; the nearest are at ${near.join(' and ')} ` +
      `(${kept.length} ${kept.length === 1 ? 'moment' : 'moments'} kept; checkpoint.snapshotEverySequences decides)`,
  );
}

/** @throws {LabError} exit code 64 where a run has none */
export function assertKept(kept: readonly KeptWeights[], run: string): void {
  if (kept.length > 0) return;
  throw new LabError(`${run}: no weights kept yet; go on with the run first`);
}

/**
 * Reads the weights of a moment, every byte of the file checked.
 * @throws {LabError} exit code 65 for a damaged file, or one of other settings than the run's
 */
export async function readWeights(
  place: CheckpointFolder,
  { file, kind }: KeptWeights,
  configHash: string,
): Promise<RunWeights> {
  const path = `${place.folder}/${file.name}`;
  const content = await readCheckpoint(place, file, kind).catch((error: unknown) => {
    throw error instanceof StorageError ? cannotRead(path, error) : error;
  });
  if (content.configHash !== configHash) {
    throw new LabError(
      `${path}: belongs to config ${content.configHash}, the run is ${configHash}; remove the file`,
      exitCodes.badData,
    );
  }
  const weights = [...content.tensors].filter(([name]) => !isOptimizerState(name));
  const hash = createHash('sha256');
  const inOrder = weights.toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { shape, data }] of inOrder) {
    hash.update(`${name}[${shape.join(',')}]${data.BYTES_PER_ELEMENT}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return {
    sequences: content.sequences,
    step: content.step,
    weights: new Map(weights.map(([name, { data }]) => [name, data])),
    hash: hash.digest('hex'),
  };
}

/** Whether a tensor of a checkpoint is the optimizer's, by its name. */
export function isOptimizerState(name: string): boolean {
  return name.startsWith('adam.');
}
