/** The real program killed at random instants and started again by the same command: the same bits, without a hand. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CounterRandom } from '../../src/engine/counter-random.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { drawInstant, hasCutOffSave, reach } from './instants.ts';
import { startIclab } from './program.ts';
import { runToTheEnd, shortRunIn } from './short-run.ts';

const root = mkdtempSync(join(tmpdir(), 'iclab-sigkill-'));
afterAll(() => rmSync(root, { recursive: true }));

let straight: Awaited<ReturnType<typeof runToTheEnd>>;
beforeAll(async () => {
  straight = await runToTheEnd(join(root, 'straight'));
}, campaignTimeoutMs);

test(
  'killed at random instants, a run goes on to the bits of one that never was',
  async () => {
    const kills = campaignSize({ ci: 20, long: 500 });
    const inPhase = { 'first start': 0, resumption: 0, training: 0, evaluation: 0 };
    let [done, insideSave, runs] = [0, 0, 0];

    /** Kills one run until it has had enough or the campaign has. @returns once it came through to its end */
    async function killOneRun(run: number): Promise<void> {
      const folder = join(root, `run-${run}`);
      mkdirSync(folder);
      const random = new CounterRandom(1, 0);
      for (let life = 0; done < kills; life++) {
        random.start(1000 * run + life);
        const running = startIclab(shortRunIn(folder, 1 + ((run + life) % 3)));
        if (await reach(drawInstant(random, straight.ms), running, folder)) running.child.kill('SIGKILL');
        const { code, signal, errors, events } = await running.ended;
        if (code === 0) break; // it was through before the instant came
        expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' });
        done++;
        if (hasCutOffSave(folder)) insideSave++;
        const last = events.at(-1)?.kind;
        if (last !== undefined) inPhase[last === 'evaluating' ? 'evaluation' : 'training']++;
        else inPhase[life === 0 ? 'first start' : 'resumption']++;
      }
      expect((await runToTheEnd(folder)).trace).toEqual(straight.trace);
      rmSync(folder, { recursive: true });
    }

    const worker = async () => {
      while (done < kills) await killOneRun(runs++);
    };
    await Promise.all([worker(), worker()]);

    expect(insideSave).toBeGreaterThanOrEqual(done / 5);
    tellFigures('sigkill', {
      kills: done,
      'proved inside a save': insideSave,
      ...Object.fromEntries(Object.entries(inPhase).map(([phase, count]) => [`in ${phase}`, count])),
      'runs brought to their end': runs,
      'runs that differ': 0,
    });
  },
  campaignTimeoutMs,
);
