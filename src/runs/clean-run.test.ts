import { describe, expect, test } from 'vitest';
import { exitCodes } from '../errors/lab-error.ts';
import { type CleanExtent, cleanRun, planClean } from './clean-run.ts';
import { runSession } from './run-session.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import {
  fakeConfig,
  fakeFolder as folder,
  fakeMachine,
  fakeSession,
  traceOf,
  uninterrupted,
} from './testing.ts';

const machine = fakeMachine();
const environmentOf = (storage: MemoryStorage, pid = 9) => ({
  storage,
  folder,
  processes: machine.process(pid),
  now: () => 1e12 + 1e5,
});

async function finishedRun() {
  const storage = new MemoryStorage();
  await runSession(fakeSession(storage).options);
  return storage;
}

async function clean(storage: MemoryStorage, extent: CleanExtent) {
  const plan = await planClean(storage, folder, extent);
  await cleanRun(environmentOf(storage), plan, extent);
  return plan;
}

const write = (storage: MemoryStorage, name: string, text = 'x') =>
  storage.create(`${folder}/${name}`, new TextEncoder().encode(text));
const safetensors = async (storage: MemoryStorage) =>
  (await storage.list(folder)).filter((name) => name.endsWith('.safetensors'));

describe('cleaning', () => {
  test('a finished run leaves its newest checkpoint, snapshots and metrics, and it can still grow', async () => {
    const storage = await finishedRun();
    await write(storage, 'checkpoint-320.g1.tmp');
    await write(storage, 'notes.tmp');
    const plan = await clean(storage, 'spare');
    expect(plan.removals.map(({ name }) => name)).toEqual([
      'checkpoint-320.g1.tmp',
      'checkpoint-256.g1.safetensors',
      'checkpoint-192.g1.safetensors',
    ]);
    expect(plan.bytes).toBeGreaterThan(1000);
    expect(await safetensors(storage)).toEqual([
      'checkpoint-320.g1.safetensors',
      'snapshot-0.g1.safetensors',
      'snapshot-128.g1.safetensors',
      'snapshot-256.g1.safetensors',
    ]);
    expect(await storage.list(folder)).toContain('notes.tmp');
    expect(await planClean(storage, folder, 'spare')).toMatchObject({ removals: [], bytes: 0 });
    const config = fakeConfig('train.trainSequences=640');
    await runSession(fakeSession(storage, { config, processes: machine.process(9) }).options);
    expect(await traceOf(storage)).toEqual(await uninterrupted(config));
  });

  test('takes snapshots only when asked to', async () => {
    const storage = await finishedRun();
    await clean(storage, 'snapshots');
    expect(await safetensors(storage)).toEqual(['checkpoint-320.g1.safetensors']);
  });

  test('keeps the newest that is good, not the newest', async () => {
    const storage = await finishedRun();
    const newest = `${folder}/checkpoint-320.g1.safetensors`;
    const bytes = await storage.read(newest);
    await storage.remove(newest);
    await storage.create(newest, bytes.subarray(0, 200));
    await clean(storage, 'spare');
    expect((await safetensors(storage)).filter((name) => name.startsWith('check'))).toEqual([
      'checkpoint-256.g1.safetensors',
    ]);
  });

  test('keeps all checkpoints where none is good, and says so', async () => {
    const storage = await finishedRun();
    for (const name of await safetensors(storage)) {
      if (!name.startsWith('checkpoint')) continue;
      await storage.remove(`${folder}/${name}`);
      await write(storage, name);
    }
    expect(await planClean(storage, folder, 'spare')).toMatchObject({
      removals: [],
      kept: 'its checkpoints: none of them is good',
    });
  });

  test('leaves the checkpoints of an unfinished run, and of one whose config is damaged', async () => {
    const storage = await finishedRun();
    await storage.remove(`${folder}/done.json`);
    expect((await planClean(storage, folder, 'spare')).removals).toEqual([]);
    await storage.remove(`${folder}/config.json`);
    await write(storage, 'config.json', '{');
    expect(await planClean(storage, folder, 'spare')).toMatchObject({
      removals: [],
      kept: expect.stringMatching(/^its checkpoints: runs\/test\/config\.json: not readable/) as string,
    });
  });

  test('a whole run leaves nothing but what is not its own', async () => {
    const storage = await finishedRun();
    await write(storage, 'notes.txt');
    expect((await clean(storage, 'whole')).kept).toBe('not a file of the run: notes.txt');
    expect(await storage.list(folder)).toEqual(['notes.txt']);
  });

  test('a whole run, cut off anywhere, leaves no run that passes for a finished one', async () => {
    const { removals } = await planClean(await finishedRun(), folder, 'whole');
    expect(removals.length).toBeGreaterThan(8);
    for (let at = 0; at < removals.length; at++) {
      const storage = await finishedRun();
      const plan = await planClean(storage, folder, 'whole');
      let count = 0;
      storage.intercept((operation) => {
        if (operation === 'remove' && !count--) throw new Error('cut');
      });
      count = at + 1; // the first removes the temporary name of the owner's file
      await expect(cleanRun(environmentOf(storage), plan, 'whole')).rejects.toThrow('cut');
      storage.intercept(() => undefined);
      machine.dead.add(9);
      const { outcome } = await runSession(fakeSession(storage, { processes: machine.process(10) }).options);
      machine.dead.delete(9);
      expect(outcome, `after ${at} of ${removals.length}`).toBe(at === 0 ? 'alreadyFinished' : 'finished');
      if (at > 0) expect(await traceOf(storage)).toEqual(await uninterrupted());
    }
  });

  test('a run that another process has is refused, and nothing goes', async () => {
    const storage = await finishedRun();
    const plan = await planClean(storage, folder, 'whole');
    const record = { ...machine.process(3).self, generation: 2, startedMs: 1e12, heartbeatMs: 1e12 + 1e5 };
    await write(storage, 'owner.2.json', JSON.stringify(record));
    const before = await storage.list(folder);
    await expect(cleanRun(environmentOf(storage), plan, 'whole')).rejects.toMatchObject({
      exitCode: exitCodes.cannotWrite,
    });
    expect(await storage.list(folder)).toEqual(before);
  });
});
