/** A crew of a page's workers: every share once, and what is said when one fails; the same words as in Node. */
import { afterEach, describe, expect, test } from 'vitest';
import { livingMembers, play } from './scenarios.ts';
import { newTestWork } from './testing-tasks.ts';

afterEach(async () => {
  await expect.poll(livingMembers, { timeout: 10_000 }).toBe(0);
});

const next =
  'start it again: a run that saves goes on from its last checkpoint, and with --threads 1 (threads: 1 in a program) it ' +
  'needs no others';

describe('a crew of workers', () => {
  test.each([2, 4])(
    'of %i does every share once in every round',
    async (threads) => {
      const rounds = 1000;
      const work = newTestWork();
      const { problem } = await play({ kind: 'crew', work, threads, rounds });
      expect(problem).toBeUndefined();
      expect(work.sums[0]).toBe(rounds);
      expect(new Set(work.doneBy).size).toBeGreaterThan(0);
    },
    60_000,
  );

  test('shares: a worker beside the first thread does some of it', async () => {
    const work = newTestWork('slow');
    await play({ kind: 'crew', work, threads: 2, rounds: 3 });
    expect([...work.doneBy]).toContain(2);
  }, 60_000);
});

describe('a worker that fails is an error', () => {
  test.each([
    ['throw', /^LabError: engine: thread 2 of 2 failed: share \d+ is not to my liking; start it again/],
    ['ended', `LabError: engine: thread 2 of 2 failed: it was ended; ${next}`],
  ] as const)('within 5 s: %s', async (instead, message) => {
    const { problem, ms } = await play({ kind: 'crew', work: newTestWork(instead), threads: 2, rounds: 100 });
    expect(problem).toMatch(message);
    expect(ms).toBeLessThan(5000);
  });

  test('after a warning, when nothing is heard of it', async () => {
    const settings = { warnAfterMs: 200, failAfterMs: 600 };
    const work = newTestWork('sleep');
    const { problem, warnings } = await play({ kind: 'crew', work, threads: 2, rounds: 100, settings });
    expect(warnings).toEqual([
      'engine: no sign of thread 2 of 2 for 0.2 s; waiting, for the machine may be too busy to run it: take fewer ' +
        'threads (--threads) where that stays so',
    ]);
    expect(problem).toBe(`LabError: engine: thread 2 of 2 failed: no sign of it for 0.6 s; ${next}`);
  });

  test('at the start, within 5 s', async () => {
    const start = performance.now();
    const work = newTestWork('missing');
    await expect(play({ kind: 'crew', work, threads: 2, rounds: 1 })).rejects.toThrow(
      'engine: the other threads did not start: its script cannot be loaded; with --threads 1 (threads: 1 in a program) ' +
        'it needs none',
    );
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
