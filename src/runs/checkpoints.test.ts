import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { type CheckpointContent, decodeCheckpoint, encodeCheckpoint } from './checkpoint-file.ts';
import { firstNonFinite } from '../model/non-finite.ts';
import {
  hasSnapshot,
  pruneCheckpoints,
  recoverCheckpoint,
  removeLeftovers,
  saveCheckpoint,
} from './checkpoints.ts';
import { MetricsWriter } from './metrics-log.ts';
import { checkpointsAmong, highestGeneration, isLeftover } from './run-files.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { StorageError } from './storage/storage.ts';

const identity = { configHash: 'c0ffee', engineVersion: 'test-1' };

function content(sequences: number, changes: Partial<CheckpointContent> = {}): CheckpointContent {
  return {
    kind: 'checkpoint',
    sequences,
    step: sequences / 32,
    generation: 1,
    ...identity,
    metrics: { segment: '1', bytes: 1, sha256: 'ab'.repeat(32) },
    progress: { lossSum: 0.1 + 0.2, lossCount: 3, lastEvaluated: 0, lastSnapshot: -1 },
    tensors: new Map([
      ['w', { shape: [2, 2], data: Float32Array.of(1, -2, 3e-8, sequences) }],
      ['adam.m.w', { shape: [2, 2], data: new Float32Array(4).fill(0.1) }],
      ['double', { shape: [1], data: Float64Array.of(Math.PI) }],
    ]),
    ...changes,
  };
}

/** A folder with metrics and one checkpoint for each number of sequences. */
async function folderWith(...sequences: number[]) {
  const storage = new MemoryStorage();
  await storage.makeDirectory('run');
  const place = { storage, folder: 'run' };
  const writer = await MetricsWriter.open(storage, 'run', 1, null);
  const files: string[] = [];
  for (const seen of sequences) {
    await writer.append([{ kind: 'train', sequences: seen, step: seen / 32, loss: 1 }]);
    files.push(await saveCheckpoint(place, content(seen, { metrics: await writer.sync() })));
  }
  return { storage, place, files };
}

async function damage(
  storage: MemoryStorage,
  path: string,
  change: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
) {
  const bytes = await change(await storage.read(path));
  await storage.remove(path);
  await storage.create(path, bytes);
}

/** Flips a bit of the fifth byte from the end. */
function flip(bytes: Uint8Array): Uint8Array {
  bytes[bytes.length - 5] ^= 1;
  return bytes;
}

describe('a checkpoint file', () => {
  test('comes back exactly', async () => {
    const saved = content(64);
    expect(decodeCheckpoint(await encodeCheckpoint(saved), 'a', 'checkpoint')).toEqual(saved);
    expect(await encodeCheckpoint(saved)).toEqual(await encodeCheckpoint(content(64)));
  });

  test('of memory shared between threads is as good', async () => {
    const data = new Float32Array(new SharedArrayBuffer(16));
    data.set([1, 2, 3, 4]);
    const shared = content(64, { tensors: new Map([['w', { shape: [4], data }]]) });
    expect(
      decodeCheckpoint(await encodeCheckpoint(shared), 'a', 'checkpoint').tensors.get('w')?.data,
    ).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  test('is refused after any change of a bit, a cut or an addition, in one line', async () => {
    const good = await encodeCheckpoint(content(64));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.record({ kind: fc.constant('flip'), at: fc.nat(good.length - 1), bit: fc.nat(7) }),
          fc.record({ kind: fc.constant('cut'), at: fc.nat(good.length - 1), bit: fc.constant(0) }),
          fc.record({ kind: fc.constant('add'), at: fc.nat(20), bit: fc.constant(0) }),
        ),
        ({ kind, at, bit }) => {
          let bad = good.slice(0, kind === 'cut' ? at : good.length);
          if (kind === 'flip') bad[at] ^= 1 << bit;
          if (kind === 'add') bad = Uint8Array.from([...good, ...new Uint8Array(at + 1)]);
          let error: unknown;
          try {
            decodeCheckpoint(bad, 'a', 'checkpoint');
          } catch (reason) {
            error = reason;
          }
          expect(error).toBeInstanceOf(LabError);
          expect(error).toMatchObject({ exitCode: exitCodes.badData });
        },
      ),
      { numRuns: 3000 },
    );
  });

  const place = content(64).metrics;
  const stood = content(64).progress;
  test.each<[string, object]>([
    ['sequences: got "-32"', { sequences: -32 }],
    ['sequences: got "1e+300"', { sequences: 1e300 }],
    ['step: got "1.5"', { step: 1.5 }],
    ['generation: got "NaN"', { generation: Number.NaN }],
    ['configHash: got ""', { configHash: '' }],
    ['engineVersion: got "1\\u{a}2"', { engineVersion: '1\n2' }],
    ['metrics: does not name a place', { metrics: { ...place, segment: '../1' } }],
    ['metrics: does not name a place', { metrics: { ...place, bytes: -1 } }],
    ['metrics: does not name a place', { metrics: [] }],
    ['progress: does not tell', { progress: {} }],
    ['progress: does not tell', { progress: { ...stood, lossSum: null } }],
    ['progress: does not tell', { progress: { ...stood, lastSnapshot: -2 } }],
    ['progress: does not tell', { progress: { ...stood, more: 1 } }],
    ['progress: does not tell', { progress: { ...stood, sinceEvaluation: { lossSum: 1 } } }],
    ['no "progress" in its header', { progress: undefined }],
  ])('whose checksum fits is checked all the same: %s', async (problem, change) => {
    const bytes = await encodeCheckpoint({ ...content(64), ...change });
    expect(() => decodeCheckpoint(bytes, 'a', 'checkpoint')).toThrow(`a: ${problem}`);
  });

  test('is no snapshot, nor the other way round', async () => {
    const snapshot = await encodeCheckpoint({ ...content(64), kind: 'snapshot' });
    expect(() => decodeCheckpoint(snapshot, 'a', 'checkpoint')).toThrow(
      'a: format is "iclab-snapshot-1", expected "iclab-checkpoint-1"',
    );
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '%d is found where it is',
  (value) => {
    const { tensors } = content(64);
    expect(firstNonFinite(tensors)).toBeUndefined();
    tensors.get('adam.m.w')?.data.set([value], 2);
    expect(firstNonFinite(tensors)).toEqual({ name: 'adam.m.w', index: 2, value });
  },
);

describe('names', () => {
  test('are read from the newest on, strangers left out', () => {
    const names = [
      'checkpoint-96.g1.safetensors',
      'checkpoint-960.g1.safetensors',
      'checkpoint-96.g2.safetensors',
      'checkpoint-96.g2.2.safetensors',
      'checkpoint-96.g2.tmp',
      'checkpoint--1.g2.safetensors',
      'snapshot-9600.g1.safetensors',
      'checkpoint-1e9.g2.safetensors',
    ];
    expect(checkpointsAmong(names).map(({ name }) => name)).toEqual([names[1], names[3], names[2], names[0]]);
  });

  test('tell the highest generation that ever wrote', () => {
    expect(highestGeneration([])).toBe(0);
    expect(highestGeneration(['config.json', 'run.json', 'notes.g99.txt'])).toBe(0);
    expect(highestGeneration(['owner.2.json', 'run.3.json'])).toBe(3);
    expect(highestGeneration(['checkpoint-99.g4.2.tmp', 'metrics.5.2.ndjson'])).toBe(5);
  });

  test('tell what was cut off', () => {
    expect(
      ['checkpoint-1.g1.tmp', 'owner.1.here-3.tmp', 'done.tmp', 'mine.tmp', 'config.json'].filter(isLeftover),
    ).toEqual(['checkpoint-1.g1.tmp', 'owner.1.here-3.tmp', 'done.tmp']);
  });
});

describe('recovery', () => {
  const recover = async (place: { storage: MemoryStorage; folder: string }, as = identity) => {
    const warnings: string[] = [];
    const recovered = await recoverCheckpoint(place, as, (line) => warnings.push(line));
    return { recovered, warnings };
  };

  test('takes the newest, and nothing from an empty folder', async () => {
    expect(await recover((await folderWith()).place)).toEqual({ recovered: undefined, warnings: [] });
    const { place } = await folderWith(0, 32, 64);
    const { recovered, warnings } = await recover(place);
    expect([recovered?.content.sequences, warnings]).toEqual([64, []]);
  });

  test.each([
    ['a flipped bit', 'checkpoint-64.g1.safetensors', flip, 'its checksum does not match: damaged'],
    ['a cut', 'checkpoint-64.g1.safetensors', (bytes: Uint8Array) => bytes.subarray(0, 40), 'header'],
    ['damaged metrics', 'metrics.1.ndjson', flip, 'are not those that were written: damaged'],
  ])('falls back past %s with one line, again and again', async (_what, file, change, problem) => {
    const { storage, place } = await folderWith(0, 32, 64);
    await damage(storage, `run/${file}`, change);
    for (let time = 0; time < 2; time++) {
      const { recovered, warnings } = await recover(place);
      expect(recovered?.content.sequences).toBeLessThan(64);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(problem);
      expect(warnings[0]).toMatch(/; going on from checkpoint-\d+\.g1\.safetensors$/);
      expect(warnings[0]).not.toContain('\n');
    }
  });

  test('falls back past a file that holds another one, of this run or of another', async () => {
    const { storage, place } = await folderWith(0, 32, 64);
    await damage(storage, 'run/checkpoint-64.g1.safetensors', () => encodeCheckpoint(content(32)));
    expect((await recover(place)).warnings[0]).toContain(
      "checkpoint-64.g1.safetensors: holds 32 sequences of generation 1: another file's content",
    );
    await damage(storage, 'run/checkpoint-64.g1.safetensors', () =>
      encodeCheckpoint(content(64, { configHash: 'other' })),
    );
    expect((await recover(place)).warnings[0]).toContain(
      'checkpoint-64.g1.safetensors: belongs to config other',
    );
  });

  test('falls back past a file that cannot be read', async () => {
    const { storage, place } = await folderWith(0, 32);
    storage.intercept((operation, path) => {
      if (operation === 'read' && path.includes('-32.')) throw new StorageError('EIO', operation, path);
    });
    expect((await recover(place)).warnings).toEqual([
      'checkpoint-32.g1.safetensors: the device failed (EIO); going on from checkpoint-0.g1.safetensors',
    ]);
  });

  test('stops where no checkpoint is good, rather than start anew over what is there', async () => {
    const { storage, place } = await folderWith(0, 32);
    for (const name of ['0', '32']) await damage(storage, `run/checkpoint-${name}.g1.safetensors`, flip);
    await expect(recover(place)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: expect.stringMatching(
        /^run: none of its 2 checkpoints can be used: checkpoint-32\.g1.* to start anew$/,
      ) as string,
    });
  });

  test('stops at the checkpoint of another engine: its numbers would differ', async () => {
    const { place } = await folderWith(0);
    await expect(recover(place, { ...identity, engineVersion: 'test-2' })).rejects.toMatchObject({
      exitCode: exitCodes.badInput,
      message: expect.stringContaining('made by engine test-1, this is test-2') as string,
    });
  });
});

describe('pruning', () => {
  const remaining = async (storage: MemoryStorage) =>
    checkpointsAmong(await storage.list('run')).map(({ sequences }) => sequences);

  test('keeps the newest good ones', async () => {
    const { storage, place, files } = await folderWith(0, 32, 64, 96, 128);
    await pruneCheckpoints(place, files, 3, 1);
    expect(await remaining(storage)).toEqual([128, 96, 64]);
  });

  test('never lets a file of unknown state push out a good one', async () => {
    const { storage, place } = await folderWith(0, 32, 64, 96);
    const good = ['checkpoint-0.g1.safetensors', 'checkpoint-32.g1.safetensors'];
    await pruneCheckpoints(place, good, 3, 1);
    expect(await remaining(storage)).toEqual([96, 32, 0]);
  });

  test('goes on past a file that cannot be removed', async () => {
    const { storage, place, files } = await folderWith(0, 32, 64, 96);
    storage.intercept((operation, path) => {
      if (operation === 'remove' && path.includes('-32.')) throw new StorageError('EACCES', operation, path);
    });
    await pruneCheckpoints(place, files, 2, 1);
    expect(await remaining(storage)).toEqual([96, 64, 32]);
  });

  test('never touches what a later owner wrote', async () => {
    const { storage, place, files } = await folderWith(0, 32, 64);
    await saveCheckpoint(place, content(96, { generation: 2 }));
    await pruneCheckpoints(place, files, 2, 1);
    expect(await remaining(storage)).toEqual([96, 64, 32]);
  });
});

test('leftovers of cut-off saves go, everything else stays', async () => {
  const { storage, place } = await folderWith(0);
  const before = await storage.list('run');
  for (const name of ['checkpoint-32.g1.tmp', 'done.tmp', 'metrics.2.tmp'])
    await storage.create(`run/${name}`, new Uint8Array());
  await removeLeftovers(place);
  expect(await storage.list('run')).toEqual(before);
});

test('a good snapshot is recognised, a damaged one is none', async () => {
  const { storage, place } = await folderWith();
  expect(await hasSnapshot(place, 64, 'c0ffee')).toBe(false);
  await saveCheckpoint(place, { ...content(64), kind: 'snapshot' });
  expect(await hasSnapshot(place, 64, 'c0ffee')).toBe(true);
  expect(await hasSnapshot(place, 64, 'other')).toBe(false);
  expect(await hasSnapshot(place, 32, 'c0ffee')).toBe(false);
  await damage(storage, 'run/snapshot-64.g1.safetensors', flip);
  expect(await hasSnapshot(place, 64, 'c0ffee')).toBe(false);
});
