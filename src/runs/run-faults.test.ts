/** What can happen to a run from outside: kills, power cuts, failing disks, a second process. */
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../errors/lab-error.ts';
import { readLastStart } from './run-folder.ts';
import { runSession } from './run-session.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { StorageError } from './storage/storage.ts';
import {
  fakeFolder as folder,
  fakeMachine,
  fakeSession,
  lateClock,
  tickingClock,
  traceOf,
  uninterrupted,
} from './testing.ts';

class Killed extends Error {}

describe.each(['killed', 'without power'] as const)('%s at any storage operation', (how) => {
  test('a run goes on by itself to the same bytes', async () => {
    const expected = await uninterrupted();
    let operations = 0;
    for (let at = 1; ; at++) {
      let storage = new MemoryStorage();
      const machine = fakeMachine();
      let count = 0;
      let acknowledged = 0;
      storage.intercept(() => {
        if (++count >= at) throw new Killed();
      });
      const first = fakeSession(storage, { processes: machine.process(1) });
      const killed = await runSession({
        ...first.options,
        onEvent: (event) =>
          void (event.kind === 'saved' && event.what === 'checkpoint' && (acknowledged = event.sequences)),
      }).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return true;
        },
      );
      if (!killed) break;
      operations++;
      machine.dead.add(1);
      storage.intercept(() => undefined);
      if (how === 'without power') storage = storage.afterPowerLoss();
      const second = fakeSession(storage, { processes: machine.process(2) });
      const { outcome } = await runSession(second.options);
      if (outcome === 'alreadyFinished') expect(acknowledged).toBe(320);
      else expect(outcome).toBe('finished');
      const started = second.events.find((event) => event.kind === 'started');
      if (started) expect(started.sequences).toBeGreaterThanOrEqual(acknowledged);
      expect(second.events.filter(({ kind }) => kind === 'warning')).toEqual([]);
      expect(await traceOf(storage)).toEqual(expected);
      expect(await readLastStart(storage, folder)).toMatchObject({ source: 'fake source' });
    }
    expect(operations).toBeGreaterThan(100);
  });
});

describe('a failing disk', () => {
  test.each(['create', 'append', 'sync', 'rename', 'syncDirectory'] as const)(
    'whose %s fails once costs nothing',
    async (failing) => {
      const expected = await uninterrupted();
      for (let at = 1; ; at++) {
        const storage = new MemoryStorage();
        let count = 0;
        storage.intercept((operation, path) => {
          // Ownership is taken or not; it is not tried again.
          if (operation === failing && !path.includes('owner.') && count >= 0 && ++count === at) {
            count = -1;
            throw new StorageError('EIO', operation, path);
          }
        });
        const result = await runSession(fakeSession(storage).options).catch((error: unknown) => error);
        if (count >= 0) break;
        const atTheStart = !(await storage.list(folder)).some((name) => name.startsWith('checkpoint-'));
        if (atTheStart) expect(result).toMatchObject({ exitCode: exitCodes.cannotWrite });
        else expect(await traceOf(storage)).toEqual(expected);
      }
    },
  );

  test('that stays full stops the run in one line; the last checkpoint is intact and it goes on later', async () => {
    const storage = new MemoryStorage();
    const { options, events } = fakeSession(storage);
    storage.intercept((operation, path) => {
      const saved = events.some(
        (event) => event.kind === 'saved' && event.file === 'checkpoint-128.g1.safetensors',
      );
      if (saved && (operation === 'create' || operation === 'append'))
        throw new StorageError('ENOSPC', operation, path);
    });
    await expect(runSession(options)).rejects.toMatchObject({
      exitCode: exitCodes.cannotWrite,
      message: expect.stringMatching(
        /^runs\/test\/\S+: cannot write: no space left on the device \(ENOSPC\); .*again$/,
      ) as string,
    });
    storage.intercept(() => undefined);
    const later = fakeSession(storage, { processes: fakeMachine().process(1), clock: lateClock() });
    await runSession(later.options);
    expect(later.events[0]).toMatchObject({ resumedFrom: 'checkpoint-128.g1.safetensors' });
    expect(await traceOf(storage)).toEqual(await uninterrupted());
  });

  test('with little space left is warned of at the start', async () => {
    const { options, events } = fakeSession(new MemoryStorage({ freeBytes: 60 }));
    await runSession(options);
    expect(events[0]).toEqual({
      kind: 'warning',
      message: 'runs/test: only 0.0 MB free, and one checkpoint is 0.0 MB',
    });
  });
});

describe('two owners', () => {
  test('of a stalled one and its successor only the successor goes on writing', async () => {
    const storage = new MemoryStorage();
    let release = () => undefined as void;
    const stalled = new Promise<void>((resolve) => {
      release = resolve;
    });
    let pauses = 0;
    let reached = () => undefined as void;
    const isStalled = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const pause = () => {
      if (++pauses !== 12) return Promise.resolve();
      reached();
      return stalled;
    };
    const clock = { ...tickingClock(), pause };
    const first = runSession(fakeSession(storage, { clock }).options);
    const firstEnd = first.catch((error: unknown) => error);
    await isStalled;
    const second = fakeSession(storage, { clock: lateClock() });
    expect(await runSession(second.options)).toMatchObject({ outcome: 'finished' });
    const names = await storage.list(folder);
    release();
    expect(await firstEnd).toMatchObject({
      exitCode: exitCodes.stoppedResumable,
      message: 'runs/test: another process has taken this run over; this one stops without writing',
    });
    expect(await storage.list(folder)).toEqual(names);
    expect(await traceOf(storage)).toEqual(await uninterrupted());
  });
});
