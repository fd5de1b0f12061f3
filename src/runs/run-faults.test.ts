/** What can happen to a run from outside: failing disks, a second process. Kills and power cuts are a campaign. */
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../errors/lab-error.ts';
import type { RunEvent } from './run-events.ts';
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

  test('that took back nothing of a first start is no obstacle later', async () => {
    const storage = new MemoryStorage();
    storage.intercept((operation, path) => {
      if (operation === 'rename' || operation === 'remove') throw new StorageError('EIO', operation, path);
    });
    const machine = fakeMachine();
    await expect(
      runSession(fakeSession(storage, { processes: machine.process(1) }).options),
    ).rejects.toMatchObject({ exitCode: exitCodes.cannotWrite });
    expect((await storage.list(folder)).filter((name) => name.startsWith('config'))).toEqual([
      'config.2.tmp',
      'config.tmp',
    ]);
    storage.intercept(() => undefined);
    machine.dead.add(1);
    const later = fakeSession(storage, { processes: machine.process(2) });
    expect(await runSession(later.options)).toMatchObject({ outcome: 'finished' });
  });

  test('that fails a start as it takes the run leaves it free for the next', async () => {
    const storage = new MemoryStorage();
    let failures = 1;
    storage.intercept((operation, path) => {
      if (operation === 'syncDirectory' && failures-- > 0) throw new StorageError('EIO', operation, path);
    });
    await expect(runSession(fakeSession(storage).options)).rejects.toThrow('EIO');
    // The same process, which lives.
    expect(await runSession(fakeSession(storage).options)).toMatchObject({ outcome: 'finished' });
  });

  test.each(['EMFILE', 'EACCES'])(
    'whose %s says nothing about a checkpoint stops the start instead of undoing saved work',
    async (code) => {
      const storage = new MemoryStorage();
      const stop = new AbortController();
      await runSession({
        ...fakeSession(storage, { signal: stop.signal }).options,
        onEvent: (event) => {
          if (event.kind === 'saved' && event.sequences === 192) stop.abort();
        },
      });
      storage.intercept((operation, path) => {
        if (operation === 'read' && path.endsWith('checkpoint-192.g1.safetensors'))
          throw new StorageError(code, operation, path);
      });
      await expect(runSession(fakeSession(storage).options)).rejects.toMatchObject({
        exitCode: exitCodes.cannotWrite,
        message: expect.stringMatching(
          /^runs\/test\/checkpoint-192\.g1\.safetensors: cannot be read: .*; everything saved before is intact/,
        ) as string,
      });
      storage.intercept(() => undefined);
      const later = fakeSession(storage);
      await runSession(later.options);
      expect(later.events[0]).toMatchObject({ sequences: 192 });
      expect(await traceOf(storage)).toEqual(await uninterrupted());
    },
  );

  test('that cannot read a snapshot any more gets it once more', async () => {
    const storage = new MemoryStorage();
    const machine = fakeMachine();
    const first = fakeSession(storage, { processes: machine.process(1) });
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'saved' && event.file === 'snapshot-128.g1.safetensors') throw new Error('killed');
    };
    await expect(runSession({ ...first.options, onEvent })).rejects.toThrow('killed');
    machine.dead.add(1);
    storage.intercept((operation, path) => {
      if (operation === 'read' && path.includes('snapshot-128.g1'))
        throw new StorageError('EIO', operation, path);
    });
    await runSession(fakeSession(storage, { processes: machine.process(2) }).options);
    expect(await storage.list(folder)).toContain('snapshot-128.g2.safetensors');
    storage.intercept(() => undefined);
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
