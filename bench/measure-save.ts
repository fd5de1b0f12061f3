/** Times the saves of a run on this machine's disk, part by part, as a session does them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstNonFinite } from '../src/model/non-finite.ts';
import { type CheckpointContent, encodeCheckpoint, type FloatTensor } from '../src/runs/checkpoint-file.ts';
import { pruneCheckpoints } from '../src/runs/checkpoints.ts';
import { checkpointStem, snapshotStem } from '../src/runs/run-files.ts';
import { commitWithRetry } from '../src/runs/storage/commit-file.ts';
import { nodeStorage } from '../src/runs/storage/node-storage.ts';

/** Milliseconds, one per save. */
export interface SaveTimes {
  /** Looking for a number that is not finite. */
  readonly checking: number[];
  /** Copying all of it into one file's bytes, with their checksum. */
  readonly encoding: number[];
  /** Writing, sync, rename, sync of the folder; and removing the checkpoint that is too many. */
  readonly storing: number[];
  readonly all: number[];
  readonly bytes: number;
}

/** @param tensors of a checkpoint or of a snapshot. @param keep checkpoints that stay; snapshots all do */
export async function measureSaves(
  kind: CheckpointContent['kind'],
  tensors: ReadonlyMap<string, FloatTensor>,
  saves: number,
  keep: number,
): Promise<SaveTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'iclab-bench-'));
  const place = { storage: nodeStorage, folder };
  const stem = kind === 'checkpoint' ? checkpointStem : snapshotStem;
  const times = { checking: [], encoding: [], storing: [], all: [] } as Omit<SaveTimes, 'bytes'>;
  const good: string[] = [];
  let bytes = 0;
  try {
    // The first one, which makes the folder's first names and warms up the code, does not count.
    for (let save = 0; save <= saves; save++) {
      const start = performance.now();
      if (firstNonFinite(tensors)) throw new Error('a number is not finite');
      const checked = performance.now();
      const encoded = await encodeCheckpoint({ ...content(kind, save), tensors });
      const ready = performance.now();
      good.push(await commitWithRetry(nodeStorage, folder, stem(save, 1), 'safetensors', encoded));
      if (kind === 'checkpoint') await pruneCheckpoints(place, good, keep, 1);
      const end = performance.now();
      bytes = encoded.length;
      if (save === 0) continue;
      times.checking.push(checked - start);
      times.encoding.push(ready - checked);
      times.storing.push(end - ready);
      times.all.push(end - start);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return { ...times, bytes };
}

function content(kind: CheckpointContent['kind'], save: number): Omit<CheckpointContent, 'tensors'> {
  const common = {
    kind,
    sequences: save,
    step: save,
    generation: 1,
    configHash: 'bench',
    engineVersion: 'bench',
  };
  if (kind === 'snapshot') return common;
  return {
    ...common,
    metrics: { segment: '1', bytes: 0, sha256: '0'.repeat(64) },
    progress: { lossSum: 0, lossCount: 0, lastEvaluated: 0, lastSnapshot: -1 },
  };
}
