import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { heartbeatEveryMs, Ownership, type OwnershipEnvironment, staleAfterMs } from './ownership.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { StorageError } from './storage/storage.ts';

/** A machine with processes that can be ended, all looking at one folder and one clock. */
async function machine() {
  const clock = { ms: 1_000_000 };
  const storage = new MemoryStorage({ now: () => clock.ms });
  await storage.makeDirectory('run');
  const dead = new Set<number>();
  const process = (pid: number, host = 'here'): OwnershipEnvironment => ({
    storage,
    folder: 'run',
    now: () => clock.ms,
    processes: {
      self: { host, bootId: 'boot', pid, startTime: '7' },
      isAlive: (other: ProcessIdentity) => (other.host === host ? !dead.has(other.pid) : undefined),
    },
  });
  return { clock, storage, dead, process };
}

describe('ownership', () => {
  test('counts generations and leaves no temporary files', async () => {
    const { process, storage } = await machine();
    const first = await Ownership.take(process(1));
    await first.release();
    const second = await Ownership.take(process(2));
    expect([first.generation, second.generation]).toEqual([1, 2]);
    expect(await storage.list('run')).toEqual(['owner.1.json', 'owner.2.json']);
  });

  test('is refused while the owner lives, in one line', async () => {
    const { process, clock } = await machine();
    await Ownership.take(process(1));
    clock.ms += 3000;
    await expect(Ownership.take(process(2))).rejects.toMatchObject({
      exitCode: exitCodes.cannotWrite,
      message:
        'run: process 1 on here is running this run (last sign of life 3 s ago); stop it, or give another --out',
    });
  });

  test('passes on at once when the process is gone', async () => {
    const { process, dead } = await machine();
    const first = await Ownership.take(process(1));
    dead.add(1);
    expect((await Ownership.take(process(2))).generation).toBe(2);
    expect(await first.isHeld()).toBe(false);
  });

  test('passes on when a live or distant owner has not been heard of for long', async () => {
    for (const host of ['here', 'there']) {
      const { process, clock } = await machine();
      await Ownership.take(process(1));
      clock.ms += staleAfterMs;
      await expect(Ownership.take(process(2, host))).rejects.toThrow('is running this run');
      clock.ms += 1;
      expect((await Ownership.take(process(2, host))).generation).toBe(2);
    }
  });

  test('is kept by heartbeats', async () => {
    const { process, clock } = await machine();
    const owner = await Ownership.take(process(1));
    for (let passed = 0; passed <= 2 * staleAfterMs; passed += heartbeatEveryMs) {
      clock.ms += heartbeatEveryMs;
      await owner.beat();
    }
    await expect(Ownership.take(process(2))).rejects.toThrow('last sign of life 0 s ago');
  });

  test('is noticed when lost: by the next heartbeat and before every write', async () => {
    const { process, clock } = await machine();
    const stalled = await Ownership.take(process(1));
    clock.ms += 2 * staleAfterMs;
    const next = await Ownership.take(process(2));
    await expect(stalled.beat()).rejects.toMatchObject({ exitCode: exitCodes.stoppedResumable });
    await expect(stalled.assertHeld()).rejects.toThrow('another process has taken this run over');
    await stalled.release();
    await next.assertHeld();
    await expect(Ownership.take(process(3))).rejects.toThrow('process 2 on here');
  });

  test('goes to exactly one of many that start at once', async () => {
    for (let round = 0; round < 50; round++) {
      const { process, storage } = await machine();
      // Every operation waits a random number of turns, so that the starts interleave differently each round.
      let state = round * 7919 + 1;
      storage.intercept(async () => {
        state = (state * 1103515245 + 12345) % 2 ** 31;
        for (let turns = state % 7; turns > 0; turns--) await Promise.resolve();
      });
      const starts = await Promise.allSettled([1, 2, 3, 4].map((pid) => Ownership.take(process(pid))));
      const winners = starts.filter((start) => start.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const start of starts)
        if (start.status === 'rejected') expect(start.reason).toBeInstanceOf(LabError);
    }
  });

  test('takes a generation above everything in the folder', async () => {
    const { process, storage } = await machine();
    await storage.create('run/metrics.6.2.ndjson', new Uint8Array());
    await storage.create('run/checkpoint-64.g8.tmp', new Uint8Array());
    expect((await Ownership.take(process(1))).generation).toBe(9);
  });

  test('is not kept from others by a heartbeat that has yet to come', async () => {
    const { process, storage, clock } = await machine();
    await Ownership.take(process(1, 'there'));
    const text = new TextDecoder().decode(await storage.read('run/owner.1.json'));
    await storage.remove('run/owner.1.json');
    const damaged = text.replace('"heartbeatMs":1', '"heartbeatMs":9');
    await storage.create('run/owner.1.json', new TextEncoder().encode(damaged));
    await expect(Ownership.take(process(2))).rejects.toThrow('process 1 on there');
    clock.ms += staleAfterMs + 1;
    expect((await Ownership.take(process(2))).generation).toBe(2);
  });

  test('where the file system knows no links is told from a claim while the file is not whole', async () => {
    const { process, storage, dead } = await machine();
    const killed = new Error('killed');
    storage.intercept((operation, path) => {
      if (operation === 'link') throw new StorageError('ENOTSUP', operation, path);
      if (operation === 'create' && path === 'run/owner.1.json') return { fraction: 0.5, error: killed };
      return undefined;
    });
    await expect(Ownership.take(process(1))).rejects.toBe(killed);
    await expect(Ownership.take(process(2))).rejects.toThrow('is running this run');
    dead.add(1);
    expect((await Ownership.take(process(2))).generation).toBe(2);
  });

  test('waits for an owner whose file is not whole until it is old', async () => {
    const { process, storage, clock } = await machine();
    await storage.create('run/owner.1.json', new TextEncoder().encode('{"gene'));
    await expect(Ownership.take(process(2))).rejects.toThrow('run: another process is running this run');
    clock.ms += staleAfterMs + 1;
    expect((await Ownership.take(process(2))).generation).toBe(2);
  });

  // A process number of 0 or less would ask the system about whole groups; an end that is no moment is no end.
  test.each([
    { pid: 0 },
    { pid: -1 },
    { pid: 2 ** 31 },
    { pid: 1.5 },
    { endedMs: 'yes' },
    { endedMs: null },
    { heartbeatMs: -1 },
    { heartbeatMs: 1e300 },
    { host: 'a\nb' },
    { host: 'a'.repeat(256) },
    { generation: -1 },
  ])('takes no word of a file with %j', async (change) => {
    const { process, storage, clock } = await machine();
    await Ownership.take(process(1));
    const record = JSON.parse(new TextDecoder().decode(await storage.read('run/owner.1.json'))) as object;
    await storage.remove('run/owner.1.json');
    await storage.create(
      'run/owner.1.json',
      new TextEncoder().encode(JSON.stringify({ ...record, ...change })),
    );
    await expect(Ownership.take(process(2))).rejects.toThrow('run: another process is running this run');
    clock.ms += staleAfterMs + 1;
    expect((await Ownership.take(process(2))).generation).toBe(2);
  });

  test('works where the file system knows no links', async () => {
    const { process, storage } = await machine();
    storage.intercept((operation, path) => {
      if (operation === 'link') throw new StorageError('ENOTSUP', operation, path);
    });
    expect((await Ownership.take(process(1))).generation).toBe(1);
    await expect(Ownership.take(process(2))).rejects.toThrow('process 1 on here');
    expect(await storage.list('run')).toEqual(['owner.1.json']);
  });

  test('that cannot be written ends in one line with exit code 73', async () => {
    const { process, storage } = await machine();
    storage.intercept((operation, path) => {
      if (operation === 'create') throw new StorageError('EROFS', operation, path);
    });
    await expect(Ownership.take(process(1))).rejects.toMatchObject({
      exitCode: exitCodes.cannotWrite,
      message: expect.stringContaining(
        'run/owner.1.json: cannot write: the file system is read-only (EROFS)',
      ) as string,
    });
  });
});
