import { describe, expect, test } from 'vitest';
import { staleAfterMs } from './ownership.ts';
import { runSession } from './run-session.ts';
import { summariseRun } from './run-summary.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { StorageError } from './storage/storage.ts';
import { fakeConfig, fakeFolder as folder, fakeMachine, fakeSession } from './testing.ts';

const run = { folder, name: 'test', id: 'fakefake' };
const machine = fakeMachine();
const at = (storage: MemoryStorage, nowMs = 1e12 + 1e5) =>
  summariseRun({ storage, processes: machine.process(9), now: () => nowMs }, run);

/** A run that was cut off by an exception after so many checkpoints. */
async function partOfARun(saves: number) {
  const storage = new MemoryStorage();
  const controller = new AbortController();
  let left = saves;
  const { options } = fakeSession(storage, {
    processes: machine.process(1),
    signal: controller.signal,
    onEvent: (event) => {
      if (event.kind === 'saved' && event.what === 'checkpoint' && --left === 0) controller.abort();
    },
  });
  await runSession(options);
  return storage;
}

describe('a run', () => {
  test('that ended is finished: at its length, with its last evaluation', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    const summary = await at(storage);
    expect(summary).toMatchObject({ ...run, state: 'finished', sequences: 320, trainSequences: 320 });
    expect(summary.lastEvaluation.map(({ evaluator, sequences }) => [evaluator, sequences])).toEqual([
      ['train', 320],
      ['flip', 320],
    ]);
    expect(summary.settings?.preset).toBe('smoke');
    expect(summary.config).toEqual(fakeConfig());
    const { bytes, checkpointBytes, snapshotBytes, metricsBytes, leftoverBytes } = summary.disk;
    expect([checkpointBytes, snapshotBytes, metricsBytes].every((size) => size > 0)).toBe(true);
    expect(leftoverBytes).toBe(0);
    expect(bytes).toBeGreaterThan(checkpointBytes + snapshotBytes + metricsBytes);
  });

  test('that is being made longer is not finished any more', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage, { processes: machine.process(1) }).options);
    const controller = new AbortController();
    const longer = fakeSession(storage, {
      config: fakeConfig('train.trainSequences=640'),
      processes: machine.process(1),
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'saved') controller.abort();
      },
    });
    await runSession(longer.options);
    expect(await at(storage)).toMatchObject({ state: 'stopped', sequences: 384, trainSequences: 640 });
  });

  test('that was asked to stop is stopped, and one that was cut off interrupted once its process is gone', async () => {
    const storage = await partOfARun(2);
    expect(await at(storage)).toMatchObject({ state: 'stopped', sequences: 64 });

    const cut = new MemoryStorage();
    let saves = 0;
    cut.intercept((operation, path) => {
      if (operation === 'rename' && path.includes('checkpoint-') && ++saves > 2) throw new Error('cut');
    });
    await runSession(fakeSession(cut, { processes: machine.process(2) }).options).catch(() => undefined);
    cut.intercept(() => undefined);
    // Its owner left in good order all the same; a killed one does not.
    await cut.remove(`${folder}/owner.1.json`);
    const record = { ...machine.process(2).self, generation: 1, startedMs: 1e12, heartbeatMs: 1e12 + 1e5 };
    await cut.create(`${folder}/owner.1.json`, new TextEncoder().encode(JSON.stringify(record)));
    expect(await at(cut)).toMatchObject({ state: 'running', lastSignMs: 1e12 + 1e5 });
    expect(await at(cut, 1e12 + 1e5 + staleAfterMs + 1)).toMatchObject({ state: 'interrupted' });
    machine.dead.add(2);
    expect(await at(cut)).toMatchObject({ state: 'interrupted' });
  });

  test('that is damaged says what of it, and still shows the rest', async () => {
    const storage = await partOfARun(3);
    await storage.remove(`${folder}/config.json`);
    await storage.create(`${folder}/config.json`, new TextEncoder().encode('{"trai'));
    const summary = await at(storage);
    expect(summary.state).toBe('damaged');
    expect(summary.problem).toMatch(/^runs\/test\/config\.json: not readable as JSON/);
    expect(summary.lastEvaluation.length).toBeGreaterThan(0);
  });

  test('whose metrics were changed after its end is damaged', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    const path = `${folder}/metrics.1.ndjson`;
    const text = new TextDecoder().decode(await storage.read(path));
    await storage.remove(path);
    await storage.create(path, new TextEncoder().encode(text.replace('"loss":1.0', '"loss":1.5')));
    expect(await at(storage)).toMatchObject({
      state: 'damaged',
      problem: expect.stringMatching(/^runs\/test\/metrics\.1\.ndjson: .*damaged/) as string,
    });
  });

  test('whose disk fails is damaged too', async () => {
    const storage = await partOfARun(3);
    storage.intercept((operation, path) => {
      if (operation === 'read' && path.includes('metrics')) throw new StorageError('EIO', operation, path);
    });
    expect(await at(storage)).toMatchObject({
      state: 'damaged',
      problem: `${folder}/metrics.1.ndjson: the device failed (EIO)`,
    });
  });

  test('is not written to', async () => {
    const storage = await partOfARun(2);
    const before = await storage.list(folder);
    storage.intercept((operation) => {
      if (!['list', 'read', 'status'].includes(operation)) throw new Error(operation);
    });
    await at(storage);
    expect(await storage.list(folder)).toEqual(before);
  });
});
