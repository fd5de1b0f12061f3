import { describe, expect, test } from 'vitest';
import { LabError } from '../errors/lab-error.ts';
import type { CheckpointContent } from './checkpoint-file.ts';
import { saveCheckpoint } from './checkpoints.ts';
import { assertKept, keptWeights, readWeights, weightsAt } from './kept-weights.ts';
import { MemoryStorage } from './storage/memory-storage.ts';

function content(kind: CheckpointContent['kind'], sequences: number): CheckpointContent {
  const weights = [['w', { shape: [2], data: Float32Array.of(1, sequences) }]] as const;
  return {
    kind,
    sequences,
    step: sequences / 32,
    generation: 1,
    configHash: 'c0ffee',
    engineVersion: 'test-1',
    metrics: { segment: '1', bytes: 1, sha256: 'ab'.repeat(32) },
    progress: { lossSum: 0, lossCount: 0, lastEvaluated: 0, lastSnapshot: -1 },
    tensors: new Map(
      kind === 'snapshot' ? weights : [...weights, ['adam.m.w', { shape: [2], data: new Float32Array(2) }]],
    ),
  };
}

async function runOf(...files: CheckpointContent[]) {
  const place = { storage: new MemoryStorage(), folder: 'run' };
  await place.storage.makeDirectory('run');
  for (const file of files) await saveCheckpoint(place, file);
  return place;
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof LabError) return error.message;
  }
  return 'no error';
}

describe('the weights of a run', () => {
  test('are those of snapshots and checkpoints, each moment once, in order', async () => {
    const place = await runOf(
      content('checkpoint', 64),
      content('snapshot', 320),
      content('snapshot', 64),
      content('checkpoint', 96),
    );
    const kept = await keptWeights(place);
    expect(kept.map(({ sequences, kind }) => [sequences, kind])).toEqual([
      [64, 'snapshot'],
      [96, 'checkpoint'],
      [320, 'snapshot'],
    ]);
  });

  test('have one hash in both kinds of file, another at another moment, and no optimizer', async () => {
    const snapshot = await runOf(content('snapshot', 64), content('snapshot', 96));
    const checkpoint = await runOf(content('checkpoint', 64));
    const read = async (place: Awaited<ReturnType<typeof runOf>>) =>
      Promise.all((await keptWeights(place)).map((moment) => readWeights(place, moment, 'c0ffee')));
    const [first, second] = await read(snapshot);
    const [same] = await read(checkpoint);
    expect(same).toEqual(first);
    expect(first).toMatchObject({ sequences: 64, step: 2 });
    expect([...first.weights.keys()]).toEqual(['w']);
    expect(second.hash).not.toBe(first.hash);
  });

  test('are refused where a file is of another config, damaged or gone', async () => {
    const place = await runOf(content('snapshot', 64));
    const [moment] = await keptWeights(place);
    await expect(readWeights(place, moment, 'decaf')).rejects.toThrow(
      'run/snapshot-64.g1.safetensors: belongs to config c0ffee, the run is decaf; remove the file',
    );
    const path = `run/${moment.file.name}`;
    const bytes = await place.storage.read(path);
    bytes[bytes.length - 1] ^= 1;
    await place.storage.remove(path);
    await place.storage.create(path, bytes);
    await expect(readWeights(place, moment, 'c0ffee')).rejects.toThrow(
      'its checksum does not match: damaged',
    );
    await place.storage.remove(path);
    await expect(readWeights(place, moment, 'c0ffee')).rejects.toThrow(
      'run/snapshot-64.g1.safetensors: cannot be read: the file or its folder is gone (ENOENT)',
    );
  });
});

test('a number of sequences means its moment, or the batch that a schedule rounds it up to', async () => {
  const kept = await keptWeights(await runOf(content('snapshot', 64), content('snapshot', 4250016)));
  expect(weightsAt(kept, 4250000, 32, 'r').sequences).toBe(4250016);
  expect(weightsAt(kept, 64, 32, 'r').sequences).toBe(64);
  expect(refusal(() => weightsAt(kept, 65, 32, 'r'))).toBe(
    'r: no weights kept at 65 sequences; the nearest are at 64 and 4250016 (2 moments kept; ' +
      'checkpoint.snapshotEverySequences decides)',
  );
  expect(refusal(() => weightsAt(kept.slice(0, 1), 1e6, 32, 'r'))).toContain(
    'the nearest are at 64 (1 moment kept;',
  );
  expect(refusal(() => assertKept([], 'r'))).toBe('r: no weights kept yet; go on with the run first');
});
