/** Threads that share tasks: every share once in every round, whatever the delays; and what is said when one fails. */
import { afterEach, describe, expect, test } from 'vitest';
import { Crew, type CrewSettings } from '../../src/engine/threads/crew.ts';
import { exitCodes, LabError } from '../../src/errors/lab-error.ts';
import { silenceWarning, startCrew, type Threads } from '../../src/engine/threads/start-crew.ts';
import { nodeForeman } from '../../src/runs/threads/node-workers.ts';
import { addTestTasks, newTestWork, testShares, type TestWork } from './testing-tasks.ts';

const startForeman = nodeForeman(new URL('./testing-member.ts', import.meta.url));
let running: Threads | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function crewOf(threads: number, work: TestWork, settings: Partial<CrewSettings> = {}) {
  const crew = new Crew();
  const task = addTestTasks(crew, work, 0);
  running = await startCrew({ crew, threads, work, startForeman, settings });
  return { crew, task };
}

/** The error of the first call that fails, and how long it took. */
function firstFailure(task: (value: number) => void): { error: unknown; ms: number } {
  const start = performance.now();
  for (let round = 0; round < 100; round++) {
    try {
      task(1);
    } catch (error) {
      return { error, ms: performance.now() - start };
    }
  }
  return { error: undefined, ms: performance.now() - start };
}

describe('a crew', () => {
  test.each([2, 3, 4])(
    'of %i does every share once in every round',
    async (threads) => {
      const work = newTestWork();
      const { task } = await crewOf(threads, work);
      const rounds = 3000;
      for (let round = 1; round <= rounds; round++) {
        task(1);
        if (work.sums.some((sum) => sum !== round)) expect([...work.sums]).toEqual([round]);
      }
      expect([...work.sums]).toEqual(Array.from({ length: testShares }, () => rounds));
    },
    60_000,
  );

  test('shares: more than one thread does some of it', async () => {
    const work = newTestWork();
    const { task } = await crewOf(2, work);
    const seen = new Set<number>();
    for (let round = 0; round < 20_000 && seen.size < 2; round++) {
      task(1);
      for (const member of work.doneBy) seen.add(member);
    }
    expect(seen).toEqual(new Set([1, 2]));
  }, 60_000);

  test('that is closed, or was never opened, is one thread', async () => {
    const work = newTestWork();
    const alone = new Crew();
    addTestTasks(alone, work, 0)(1);
    expect(work.sums[0]).toBe(1);
    const { crew, task } = await crewOf(2, work);
    await running?.stop();
    running = undefined;
    expect(crew.isOpen).toBe(false);
    task(1);
    expect(work.sums[0]).toBe(2);
  });
});

describe('a thread that fails is an error', () => {
  test.each([
    ['throw', /^engine: thread 2 of 2 failed: share \d+ is not to my liking; start it again: a run /],
    ['exit', /^engine: thread 2 of 2 failed: it ended with exit code 3; start it again: a run that /],
  ] as const)('within 5 s: %s', async (instead, message) => {
    const { task } = await crewOf(2, newTestWork(instead));
    const { error, ms } = firstFailure(task);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toMatch(message);
    expect((error as LabError).exitCode).toBe(exitCodes.crash);
    expect(ms).toBeLessThan(5000);
    expect(() => task(1)).toThrow((error as LabError).message);
  });

  test('its words whole', async () => {
    const { task } = await crewOf(2, newTestWork('exit'));
    expect(() => firstFailure(task).error).not.toThrow();
    expect(() => task(1)).toThrow(
      new LabError(
        'engine: thread 2 of 2 failed: it ended with exit code 3; start it again: a run that saves goes on ' +
          'from its last checkpoint, and with --threads 1 (threads: 1 in a program) it needs no others',
        exitCodes.crash,
      ),
    );
  });

  test('after a warning, when nothing is heard of it', async () => {
    const warnings: string[] = [];
    const { task } = await crewOf(3, newTestWork('sleep'), {
      warnAfterMs: 200,
      failAfterMs: 600,
      onSilence: (thread, seconds) => warnings.push(silenceWarning(thread === 3 ? 2 : thread, 3, seconds)),
    });
    const { error } = firstFailure(task);
    expect(warnings).toEqual([
      'engine: no sign of thread 2 of 3 for 0.2 s; waiting, for the machine may be too busy to run it: take fewer ' +
        'threads (--threads) where that stays so',
    ]);
    expect((error as LabError).message).toMatch(
      /^engine: thread [23] of 3 failed: no sign of it for 0\.6 s; start it again/,
    );
  });

  test('in the first thread too, once the others are done with what they have begun', async () => {
    const work = newTestWork('slow');
    const crew = new Crew();
    const task = crew.task(() => {
      throw new Error('here');
    }, testShares);
    running = await startCrew({ crew, threads: 2, work, startForeman });
    expect(firstFailure(task).error).toEqual(new Error('here'));
    const sums = [...work.sums];
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([...work.sums]).toEqual(sums);
  });

  test('in what the first thread does besides: the others do every share', async () => {
    const work = newTestWork();
    const { task } = await crewOf(2, work);
    for (let round = 1; round <= 100; round++) {
      expect(() =>
        task.besides(() => {
          throw new Error('here');
        }, 1),
      ).toThrow('here');
      expect([...work.sums]).toEqual(Array.from({ length: testShares }, () => round));
    }
  });

  test('at the start', async () => {
    const crew = new Crew();
    const missing = nodeForeman(new URL('./not-there.ts', import.meta.url));
    const started = startCrew({ crew, threads: 2, work: newTestWork(), startForeman: missing });
    await expect(started).rejects.toThrow(
      /^engine: the other threads did not start: .*not-there.*; with --threads 1 \(threads: 1 in a program\) it needs none$/,
    );
  });
});
