/** An owner that stands still and is taken over while it does: when it wakes up, it leaves everything as it is. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CounterRandom } from '../../src/engine/counter-random.ts';
import { exitCodes } from '../../src/errors/lab-error.ts';
import { staleAfterMs } from '../../src/runs/ownership.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { drawInstant, hasCutOffSave, reach } from './instants.ts';
import { startIclab } from './program.ts';
import { startSession } from './session-wish.ts';
import { runToTheEnd, shortRun, shortRunIn } from './short-run.ts';

const root = mkdtempSync(join(tmpdir(), 'iclab-stalled-'));
afterAll(() => rmSync(root, { recursive: true }));

let straight: Awaited<ReturnType<typeof runToTheEnd>>;
beforeAll(async () => {
  straight = await runToTheEnd(join(root, 'straight'));
}, campaignTimeoutMs);

/** What the first owner writes has its generation in its name: all files but these, or only these, with their digests. */
function contents(folder: string, whose: 'first owner' | 'all others'): Map<string, string> {
  const ofFirst = (name: string) => /(?:\.g1\.|^(?:owner|metrics)\.1\.)/.test(name);
  const names = readdirSync(folder).filter((name) => ofFirst(name) === (whose === 'first owner'));
  return new Map(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

test(
  'taken over while it stands still, an owner that wakes up stops without harm',
  async () => {
    const takeovers = campaignSize({ ci: 4, long: 100 });
    const figures = {
      'woken after the end': 0,
      'woken meanwhile': 0,
      'stalled in a save': 0,
      'ended a write of its own': 0,
    };
    let [done, tries] = [0, 0];

    async function takeOver(attempt: number): Promise<void> {
      const folder = join(root, `run-${attempt}`);
      mkdirSync(folder);
      const random = new CounterRandom(4, 0);
      random.start(attempt);
      const stalled = startIclab(shortRunIn(folder));
      const instant = drawInstant(random, straight.ms);
      let hasBegun = false;
      stalled.onEvent(() => (hasBegun = true));
      if (!(await reach(instant, stalled, folder)) || !hasBegun) {
        stalled.child.kill('SIGKILL');
        await stalled.ended;
        return; // through already, or nobody's run yet: not what this is about
      }
      stalled.child.kill('SIGSTOP');
      if (hasCutOffSave(folder)) figures['stalled in a save']++;

      const next = startSession({ folder, words: shortRun, clockAheadMs: 2 * staleAfterMs });
      const isWokenMeanwhile = attempt % 2 === 0;
      if (isWokenMeanwhile) {
        const nth = 1 + random.below(20);
        await reach({ kind: 'save', nth, afterMs: 0 }, next, folder);
        stalled.child.kill('SIGCONT');
        figures['woken meanwhile']++;
      }
      const ended = await next.ended;
      expect(ended).toMatchObject({ code: 0, signal: null, errors: '' });
      const afterEnd = contents(folder, 'all others');
      const ofFirst = contents(folder, 'first owner');
      if (!isWokenMeanwhile) {
        stalled.child.kill('SIGCONT');
        figures['woken after the end']++;
      }
      const woken = await stalled.ended;
      if (woken.code !== 0) {
        // Zero: it stood still between its last save and its last line.
        expect(woken.code).toBe(exitCodes.stoppedResumable);
        expect(woken.errors).toMatch(
          /^iclab: [^\n]*: another process has taken this run over; this one stops without writing\n$/,
        );
      }
      if (!isWokenMeanwhile && woken.code !== 0) {
        expect(contents(folder, 'all others')).toEqual(afterEnd);
        // A file whose writing was under way may still be ended: it is its own, and as good as any.
        if (!isDeepStrictEqual(contents(folder, 'first owner'), ofFirst))
          figures['ended a write of its own']++;
      }
      // Nor is anything left that a later start would stumble over.
      const { trace } = await runToTheEnd(folder);
      // One more checkpoint than are kept, where the first owner ended the write of one.
      expect([straight.trace.checkpoints, straight.trace.checkpoints + 1]).toContain(trace.checkpoints);
      expect({ ...trace, checkpoints: 0 }).toEqual({ ...straight.trace, checkpoints: 0 });
      done++;
      rmSync(folder, { recursive: true });
    }

    const worker = async () => {
      while (done < takeovers) await takeOver(tries++);
    };
    await Promise.all([worker(), worker()]);
    tellFigures('stalled owners', { takeovers: done, ...figures, 'runs harmed': 0 });
  },
  campaignTimeoutMs,
);
