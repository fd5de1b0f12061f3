/** The real program told to stop at random instants: saved and out soon, and the same command goes on to the same bits. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CounterRandom } from '../../src/engine/counter-random.ts';
import { exitCodes } from '../../src/errors/lab-error.ts';
import { checkpointsAmong } from '../../src/runs/run-files.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { drawInstant, reach } from './instants.ts';
import { type Ended, startIclab } from './program.ts';
import { startSession } from './session-wish.ts';
import { runToTheEnd, shortRun, shortRunIn } from './short-run.ts';
import { catches } from './signal-mask.ts';

const stopSignals = ['SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGHUP'] as const;

/** What no stop may take, however busy the machine. The campaign tells what they took. */
const longestStopMs = 20_000;

const root = mkdtempSync(join(tmpdir(), 'iclab-stop-'));
afterAll(() => rmSync(root, { recursive: true }));

let straight: Awaited<ReturnType<typeof runToTheEnd>>;
beforeAll(async () => {
  straight = await runToTheEnd(join(root, 'straight'));
}, campaignTimeoutMs);

/** Stopped in order: what it says it has seen is saved. @returns how much that is */
function expectSaved({ events, errors }: Ended, folder: string): number | undefined {
  expect(errors).toBe('');
  const end = events.at(-1);
  expect(end).toMatchObject({ kind: 'end', outcome: 'stopped' });
  expect(checkpointsAmong(readdirSync(folder))[0].sequences).toBe(end?.sequences);
  return end?.sequences;
}

test(
  'told to stop at random instants, it saves and ends with 75, and goes on to the same bits',
  async () => {
    const signals = campaignSize({ ci: 10, long: 200 });
    const tookMs: number[] = [];
    const outcomes = { stopped: 0, 'finished all the same': 0, 'ended by the signal while loading': 0 };
    let runs = 0;

    async function stopOneRun(run: number): Promise<void> {
      const folder = join(root, `run-${run}`);
      mkdirSync(folder);
      const random = new CounterRandom(2, 0);
      let saved: number | undefined;
      for (let life = 0; tookMs.length < signals; life++) {
        random.start(1000 * run + life);
        const running = startIclab(shortRunIn(folder, 1 + ((run + life) % 3)));
        const wanted = stopSignals[random.below(stopSignals.length)];
        const wasReached = await reach(drawInstant(random, straight.ms), running, folder);
        const mayBeLoading = catches(running.child.pid, 'SIGHUP') !== true;
        // Before its own first line Node takes SIGUSR1 for itself; `loading-signals.test.ts` has what comes after.
        const name = mayBeLoading && wanted === 'SIGUSR1' ? 'SIGTERM' : wanted;
        const sentAt = performance.now();
        if (wasReached) running.child.kill(name);
        if (wasReached && random.below(2) === 0) running.child.kill(name); // a key press where npm stands between
        const ended = await running.ended;
        const begun = ended.events.find(({ kind }) => kind === 'started');
        if (begun && saved !== undefined) expect(begun.sequences).toBe(saved);
        if (!wasReached) break;
        tookMs.push(performance.now() - sentAt);
        if (ended.events.at(-1)?.outcome === 'finished') {
          // Whatever ends the process after that, the run is done.
          expect([existsSync(join(folder, 'done.json')), ended.errors]).toEqual([true, '']);
          outcomes['finished all the same']++;
          break;
        }
        if (ended.code === exitCodes.stoppedResumable) {
          saved = expectSaved(ended, folder);
          outcomes.stopped++;
        } else {
          expect(ended).toMatchObject({ signal: name, errors: '', events: [] });
          expect(mayBeLoading).toBe(true);
          outcomes['ended by the signal while loading']++;
        }
      }
      expect((await runToTheEnd(folder)).trace).toEqual(straight.trace);
      rmSync(folder, { recursive: true });
    }

    const worker = async () => {
      while (tookMs.length < signals) await stopOneRun(runs++);
    };
    await Promise.all([worker(), worker()]);

    const sorted = tookMs.toSorted((a, b) => a - b);
    const quantile = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1]);
    expect(quantile(1)).toBeLessThan(longestStopMs);
    tellFigures('stop signals', {
      signals: tookMs.length,
      ...outcomes,
      'median ms': quantile(0.5),
      'p90 ms': quantile(0.9),
      'p99 ms': quantile(0.99),
      'longest ms': quantile(1),
      'runs brought to their end': runs,
      'runs that differ': 0,
    });
  },
  campaignTimeoutMs,
);

test('a second signal ends at once a run whose disk does not answer, and nothing saved is lost', async () => {
  const folder = join(root, 'stuck');
  const running = startSession({ folder, words: shortRun, stuckAt: 'checkpoint-640.' });
  const isStuck = new Promise<void>((resolve) =>
    running.onEvent(({ kind }) => {
      if (kind === 'stuck') resolve();
    }),
  );
  const isStopping = new Promise<void>((resolve) =>
    running.onEvent(({ kind }) => {
      if (kind === 'stopping') resolve();
    }),
  );
  await isStuck;
  running.child.kill('SIGTERM');
  await isStopping;
  // Two signals within the time of one key press count as one: a third of a second apart until it has passed.
  const insist = setInterval(() => running.child.kill('SIGINT'), 300);
  const { code, signal, errors } = await running.ended;
  clearInterval(insist);
  expect({ code, signal, errors }).toEqual({ code: exitCodes.stoppedResumable, signal: null, errors: '' });
  expect((await runToTheEnd(folder)).trace).toEqual(straight.trace);
}, 120_000);
