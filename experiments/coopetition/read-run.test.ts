import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/errors/lab-error.ts';
import { fakeConfig, fakeFolder, fakeMachine, fakeSession, tickingClock } from '../../src/runs/testing.ts';
import { runSession } from '../../src/runs/run-session.ts';
import { MemoryStorage } from '../../src/runs/storage/memory-storage.ts';
import type { Storage } from '../../src/runs/storage/storage.ts';
import { assertEvaluated, readRun, standingText } from './read-run.ts';

const run = { folder: fakeFolder, name: 'test', id: 'fakefake' };

async function read(storage: MemoryStorage, machine = fakeMachine()) {
  const environment = { storage, processes: machine.process(2), now: () => tickingClock().now() };
  return readRun(environment, run);
}

async function stoppedAfter(
  storage: MemoryStorage,
  progressEvents: number,
  length = 'train.trainSequences=320',
) {
  const stop = new AbortController();
  let seen = 0;
  const { options } = fakeSession(storage, {
    config: fakeConfig(length),
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === 'progress' && ++seen === progressEvents) stop.abort();
    },
  });
  await runSession(options);
}

describe('readRun', () => {
  it('reads settings, records and start of a finished run', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    const found = await read(storage);
    expect(found).toMatchObject({ state: 'finished', sequences: 320, record: { source: 'fake source' } });
    expect(found.config).toEqual(fakeConfig());
    expect(found.table.filter((record) => record.kind === 'evaluation')).toHaveLength(8);
    expect(standingText(found)).toBeUndefined();
    expect(() => {
      assertEvaluated(found);
    }).not.toThrow();
  });

  it('says how far one is that was stopped', async () => {
    const storage = new MemoryStorage();
    await stoppedAfter(storage, 5);
    const found = await read(storage);
    expect(found).toMatchObject({ state: 'stopped', sequences: 160 });
    expect(standingText(found)).toBe('stopped, at 160 of 320 sequences (50%)');
  });

  it('does not call a run finished that is being made longer', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    await stoppedAfter(storage, 2, 'train.trainSequences=640');
    const found = await read(storage);
    expect(standingText(found)).toBe('stopped, at 384 of 640 sequences (60%)');
  });

  it('tells a running one from one whose process was killed', async () => {
    const machine = fakeMachine();
    const storage = new MemoryStorage();
    await stoppedAfter(storage, 5);
    // As if it had not left: its owner without the end.
    const owner = `${fakeFolder}/owner.1.json`;
    const record = JSON.parse(new TextDecoder().decode(await storage.read(owner))) as object;
    await storage.remove(owner);
    const alive = { ...record, heartbeatMs: tickingClock().now(), endedMs: undefined };
    await storage.create(owner, new TextEncoder().encode(JSON.stringify(alive)));
    const during = await read(storage, machine);
    machine.dead.add(1);
    expect([during.state, (await read(storage, machine)).state]).toEqual(['running', 'interrupted']);
  });

  it('refuses a folder without a run, and a run that is damaged, in one line', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory(fakeFolder);
    await expect(read(storage)).rejects.toMatchObject({
      exitCode: exitCodes.badInput,
      message: `${fakeFolder}: the run has not begun; wait for its first evaluation`,
    });
    await runSession(fakeSession(storage).options);
    await storage.remove(`${fakeFolder}/config.json`);
    await storage.create(`${fakeFolder}/config.json`, new TextEncoder().encode('{"seeds": 3}'));
    await expect(read(storage)).rejects.toMatchObject({ exitCode: exitCodes.badData });
  });

  it('refuses to report a run before its first evaluation', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    const nothing = { ...(await read(storage)), table: [] };
    const assert = (state: 'running' | 'stopped') => () => {
      assertEvaluated({ ...nothing, state });
    };
    expect(assert('running')).toThrow(`test: no evaluation in ${fakeFolder} yet; wait for its first`);
    expect(assert('stopped')).toThrow('go on with it first');
  });
});

/** A storage that calls `look` after every operation of another one. */
function watched(inner: Storage, look: () => Promise<void>): Storage {
  return new Proxy(inner, {
    get(target, name: keyof Storage) {
      const operation = target[name].bind(target) as (...words: unknown[]) => Promise<unknown>;
      return async (...words: unknown[]) => {
        // What is read changes nothing, and a failure may not be put off.
        const result = await operation(...words);
        if (!['read', 'list', 'status', 'freeBytes'].includes(name)) await look();
        return result;
      };
    },
  });
}

it('reads a run after every single operation by which it is written, from its first start to its second end', async () => {
  const storage = new MemoryStorage();
  const machine = fakeMachine();
  const seen: { sequences: number; evaluations: number }[] = [];
  const refusals = new Set<string>();
  const look = async () => {
    try {
      const found = await read(storage, machine);
      const evaluations = found.table.filter((record) => record.kind === 'evaluation').length;
      seen.push({ sequences: found.sequences, evaluations });
    } catch (error) {
      refusals.add(String(error));
    }
  };
  for (const length of [320, 640]) {
    const config = fakeConfig(`train.trainSequences=${length}`);
    await runSession(fakeSession(watched(storage, look), { config, processes: machine.process(1) }).options);
  }
  // Before the first start is written there is nothing; later never a damage, and nothing that was seen is lost.
  expect([...refusals].every((refusal) => /has not begun|run\.json: missing/.test(refusal))).toBe(true);
  expect(seen.length).toBeGreaterThan(60);
  seen.slice(1).forEach((now, i) => {
    expect(now.sequences).toBeGreaterThanOrEqual(seen[i].sequences);
    expect(now.evaluations).toBeGreaterThanOrEqual(seen[i].evaluations);
  });
  expect(seen.at(-1)).toEqual({ sequences: 640, evaluations: 16 });
});
