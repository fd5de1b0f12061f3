/** A run as a page starts it: what it tells, that it ends when asked, and that its workers end with it. */
import { describe, expect, test } from 'vitest';
import { goldenHashes } from '../../test/determinism/golden-hashes.ts';
import { shortRun } from '../../test/determinism/short-runs.ts';
import { livingMembers } from '../../test/threads/scenarios.ts';
import { exitCodes, LabError, makeConfig, type PageEvent, startRun } from './index.ts';
import { openRun } from './start-run.ts';

const long = makeConfig({ preset: 'smoke', settings: { 'train.trainSequences': 1e9 } });

async function failureOf(run: ReturnType<typeof startRun>): Promise<unknown> {
  return run.result.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Starts a run that would not end by itself, and waits until it trains. */
async function startLong(threads: number) {
  const events: PageEvent[] = [];
  const run = startRun({ config: long, threads, onEvent: (event) => events.push(event) });
  await expect.poll(() => events.some(({ kind }) => kind === 'progress'), { timeout: 30_000 }).toBe(true);
  return { run, events };
}

describe('a run to its end', () => {
  test.each([1, 2, 3])(
    'on %i threads: events in order, and the state that Node comes to',
    async (threads) => {
      const { name, config } = shortRun('paper/adam');
      const events: PageEvent[] = [];
      const result = await startRun({ config, threads, onEvent: (event) => events.push(event) }).result;
      const { stateHash, ...rest } = result;
      expect(rest).toEqual({ outcome: 'finished', step: 60, sequences: 60 * 32 });
      expect(stateHash).toBe(goldenHashes().runs[name].end.state);
      const [first] = events;
      if (first.kind !== 'started') throw new Error(`began with ${first.kind}`);
      const { engine, source, ...where } = first;
      expect(where).toEqual({ kind: 'started', sequences: 0, trainSequences: 60 * 32 });
      expect(source).toMatch(/^synthetic\(/);
      const { kernels, ...facts } = engine;
      expect(facts).toEqual({ name: 'wasm', threads, vectors: 128 });
      expect(kernels).toMatch(/^[0-9a-f]{12}$/);
      const evaluations = events.filter((event) => event.kind === 'evaluation');
      expect(evaluations.map(({ step, records }) => [step, records.length])).toEqual([
        [0, 5],
        [17, 5],
        [34, 5],
        [51, 5],
        [60, 5],
      ]);
      expect(evaluations[0]).not.toHaveProperty('loss');
      expect(evaluations[1].loss).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe('a run that is', () => {
  test('asked to stop finishes its step, and says where it is', async () => {
    const { run, events } = await startLong(2);
    run.stop();
    const { outcome, sequences, step, stateHash } = await run.result;
    expect(outcome).toBe('stopped');
    expect(sequences).toBe(step * 32);
    expect(step).toBeGreaterThan(0);
    expect(stateHash).toMatch(/^[0-9a-f]{64}$/);
    expect(events.at(-1)?.kind).not.toBe('warning');
    await expect.poll(livingMembers, { timeout: 10_000 }).toBe(0);
  }, 60_000);

  test('closed in the middle of a step leaves no worker and tells nothing more', async () => {
    const { run, events } = await startLong(3);
    expect(await livingMembers()).toBe(2);
    run.close();
    const told = events.length;
    const { outcome, step, stateHash } = await run.result;
    expect({ outcome, stateHash }).toEqual({ outcome: 'closed', stateHash: undefined });
    expect(step).toBeGreaterThan(0);
    await expect.poll(livingMembers, { timeout: 10_000 }).toBe(0);
    expect(events).toHaveLength(told);
    run.stop();
    run.close();
  }, 60_000);
});

describe('says what is wrong with', () => {
  const { config } = shortRun('paper/adam');

  test('settings that do not fit each other', async () => {
    const data = { ...config.data, classes: 4000 };
    const error = await failureOf(startRun({ config: { ...config, data } }));
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toMatch(/^data\.classes: /);
    expect((error as LabError).exitCode).toBe(exitCodes.badInput);
  });

  test('a number of threads', async () => {
    expect(await failureOf(startRun({ config, threads: 65 }))).toEqual(
      new LabError('threads: expected a whole number from 1 to 64; got 65'),
    );
  });

  test('kernels that are not there, or are something else', async () => {
    const notThere = (await failureOf(startRun({ config, kernels: 'http://127.0.0.1:1/' }))) as LabError;
    expect(notThere.message).toMatch(
      /^http:\/\/127\.0\.0\.1:1\/: the kernels cannot be fetched \(.+\); serve build\/kernels\.wasm there, or say where it is \(kernels\)$/,
    );
    expect(notThere.exitCode).toBe(exitCodes.crash);
    const other = await failureOf(startRun({ config, kernels: new URL(import.meta.url) }));
    expect(String(other)).toMatch(
      /: not WebAssembly that this browser can compile; serve build\/kernels\.wasm there, or take a newer browser$/,
    );
  });

  test('a worker that does not load, or that the page may not have', async () => {
    const lost = new URL('./no-such-worker.js', import.meta.url);
    expect(await failureOf(openRun(() => new Worker(lost, { type: 'module' }), { config }))).toEqual(
      new LabError(
        'engine: the worker that trains has failed: its script cannot be loaded; load the page again, from where its ' +
          'scripts are served',
        exitCodes.crash,
      ),
    );
    const refuse = () => {
      throw new Error('not here');
    };
    expect(String(await failureOf(openRun(refuse, { config })))).toContain('has failed: Error: not here;');
  });
});
