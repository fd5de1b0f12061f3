import { expect, test } from 'vitest';
import { exitCodes } from '../errors/lab-error.ts';
import { runSession } from './run-session.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { fakeFolder, fakeMachine, fakeSession, lateClock, traceOf, uninterrupted } from './testing.ts';

async function contents(storage: MemoryStorage): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of await storage.list(fakeFolder)) {
    files.set(name, Buffer.from(await storage.read(`${fakeFolder}/${name}`)).toString('hex'));
  }
  return files;
}

// Each is an operation in the middle of something that the owner asked leave for before it stood still.
test.each([
  ['create', 'checkpoint-64.g1.tmp'],
  ['sync', 'checkpoint-64.g1.tmp'],
  ['rename', 'checkpoint-64.g1.safetensors'],
  ['syncDirectory', fakeFolder],
  ['sync', 'snapshot-128.g1.tmp'],
  ['sync', 'metrics.1.ndjson'],
  ['create', 'done.tmp'],
] as const)(
  'an owner that stood still at %s %s and was taken over leaves all as it is',
  async (what, where) => {
    const storage = new MemoryStorage();
    const machine = fakeMachine();
    let afterNext: Map<string, string> | undefined;
    storage.intercept(async (operation, path) => {
      if (operation !== what || !path.endsWith(where) || afterNext !== undefined) return;
      if (
        what === 'syncDirectory' &&
        !(await storage.list(fakeFolder)).includes('checkpoint-64.g1.safetensors')
      )
        return;
      afterNext = new Map();
      const next = fakeSession(storage, { processes: machine.process(2), clock: lateClock() });
      expect(await runSession(next.options)).toMatchObject({ outcome: 'finished' });
      afterNext = await contents(storage);
    });
    await expect(
      runSession(fakeSession(storage, { processes: machine.process(1) }).options),
    ).rejects.toMatchObject({
      exitCode: exitCodes.stoppedResumable,
      message: expect.stringContaining('this one stops without writing') as string,
    });
    const left = await contents(storage);
    // A file that was being made when it stood still is there; it bears the first owner's number and has no other use.
    for (const name of left.keys()) if (/\.g1\.tmp$|^done\.tmp$/.test(name)) left.delete(name);
    expect(left).toEqual(afterNext);
    expect(await traceOf(storage)).toEqual(await uninterrupted());
  },
);
