/** What a checkpoint that cannot be used is told, word for word. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { type Tensor, writeSafetensors } from '../formats/safetensors.ts';
import { decodeCheckpoint } from './checkpoint-file.ts';
import { readCheckpoint, recoverCheckpoint, saveCheckpoint } from './checkpoints.ts';
import { checkpointsAmong } from './run-files.ts';
import { runSession } from './run-session.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { fakeFolder, fakeMachine, fakeSession, FakeTrainer, lateClock } from './testing.ts';

const badData = (message: string) => new LabError(message, exitCodes.badData);

const sound = {
  format: 'iclab-checkpoint-1',
  sequences: '64',
  step: '2',
  generation: '1',
  configHash: 'c0ffee',
  engineVersion: 'test-1',
  metrics: JSON.stringify({ segment: '1', bytes: 1, sha256: 'ab'.repeat(32) }),
  progress: JSON.stringify({ lossSum: 1, lossCount: 3, lastEvaluated: 0, lastSnapshot: -1 }),
};

/** A file with these words in its header and a checksum that is right. */
function fileWith(
  changes: Record<string, string | undefined>,
  tensor: Tensor['data'] = Float32Array.of(1),
): Uint8Array {
  const words = Object.entries({ ...sound, ...changes }).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  );
  const zeros = '0'.repeat(64);
  const bytes = writeSafetensors([['w', { shape: [1], data: tensor }]], [...words, ['sha256', zeros]]);
  const at = Buffer.from(bytes).indexOf(zeros);
  bytes.set(new TextEncoder().encode(createHash('sha256').update(bytes).digest('hex')), at);
  return bytes;
}

describe('a file with a right checksum', () => {
  test('and every word in place is read', () => {
    expect(decodeCheckpoint(fileWith({}), 'c', 'checkpoint')).toMatchObject({ sequences: 64, step: 2 });
  });

  test.each<[changes: Record<string, string | undefined>, message: string]>([
    [{ format: undefined }, 'c: no "format" in its header; not a checkpoint of this program'],
    [{ format: 'iclab-snapshot-1' }, 'c: format is "iclab-snapshot-1", expected "iclab-checkpoint-1"'],
    [{ step: '1e3' }, 'c: step: got "1e3", expected a whole number'],
    [{ configHash: 'two words' }, 'c: configHash: got "two words", expected a word of at most 100 letters'],
    [{ metrics: '{}' }, 'c: metrics: does not name a place in the metrics'],
    [{ metrics: '{' }, 'c: metrics: not valid JSON at character 1: expected a name in quotes'],
    [{ interventions: '[1]' }, 'c: interventions: does not list interventions'],
    [{ progress: '{}' }, 'c: progress: does not tell where the session stood'],
  ])('but %j', (changes, message) => {
    expect(() => decodeCheckpoint(fileWith(changes), 'c', 'checkpoint')).toThrow(badData(message));
  });

  test('but with integers for weights', () => {
    expect(() => decodeCheckpoint(fileWith({}, Int32Array.of(1)), 'c', 'checkpoint')).toThrow(
      badData('c: "w" holds integers'),
    );
  });

  test('but changed after it was written', () => {
    const bytes = fileWith({});
    bytes[bytes.length - 1] ^= 1;
    expect(() => decodeCheckpoint(bytes, 'c', 'checkpoint')).toThrow(
      badData('c: its checksum does not match: damaged'),
    );
  });
});

describe('in a folder', () => {
  const identity = { configHash: 'c0ffee', engineVersion: 'test-1' };

  async function folderWith(name: string, bytes: Uint8Array) {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    await storage.create(`run/${name}`, bytes);
    return { storage, folder: 'run' };
  }

  test("one under another's name", async () => {
    const place = await folderWith('checkpoint-96.g1.safetensors', fileWith({}));
    const [file] = checkpointsAmong(await place.storage.list('run'));
    await expect(readCheckpoint(place, file, 'checkpoint')).rejects.toThrow(
      badData("checkpoint-96.g1.safetensors: holds 64 sequences of generation 1: another file's content"),
    );
  });

  test('one of another config, as the only one', async () => {
    const place = await folderWith('checkpoint-64.g1.safetensors', fileWith({ configHash: 'beef' }));
    await expect(recoverCheckpoint(place, identity, () => undefined)).rejects.toThrow(
      badData(
        'run: none of its 1 checkpoints can be used: checkpoint-64.g1.safetensors: belongs to config beef; ' +
          'give another --out to start anew',
      ),
    );
  });

  test('one of another engine', async () => {
    const place = await folderWith('checkpoint-64.g1.safetensors', fileWith({ engineVersion: 'test-0' }));
    await expect(recoverCheckpoint(place, identity, () => undefined)).rejects.toThrow(
      new LabError(
        'run/checkpoint-64.g1.safetensors: made by engine test-0, this is test-1, whose numbers differ; ' +
          'give another --out to start anew',
        exitCodes.badInput,
      ),
    );
  });

  test('one whose step and sequences do not fit together', async () => {
    const storage = new MemoryStorage();
    const stopped = new AbortController();
    stopped.abort();
    await runSession(fakeSession(storage, { signal: stopped.signal }).options);
    const place = { storage, folder: fakeFolder };
    const [file] = checkpointsAmong(await storage.list(fakeFolder));
    const content = await readCheckpoint(place, file, 'checkpoint');
    const tensors = new FakeTrainer(32).stateTensors();
    await saveCheckpoint(place, { ...content, tensors, sequences: 64, step: 3 });
    const later = fakeSession(storage, { processes: fakeMachine().process(2), clock: lateClock() });
    await expect(runSession(later.options)).rejects.toThrow(
      badData('checkpoint-64.g1.safetensors: says 64 sequences, but step 3 is 96'),
    );
  });
});
