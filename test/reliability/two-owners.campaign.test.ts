/** Two or three processes started at once on one folder: one runs, the others say who does, and nothing is harmed. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CounterRandom } from '../../src/engine/counter-random.ts';
import { exitCodes } from '../../src/errors/lab-error.ts';
import { checkpointsAmong, segmentsAmong, snapshotsAmong } from '../../src/runs/run-files.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { type Ended, type Running, startIclab } from './program.ts';
import { startSession } from './session-wish.ts';
import { runToTheEnd, shortRun, shortRunIn, traceOfRun } from './short-run.ts';

const root = mkdtempSync(join(tmpdir(), 'iclab-owners-'));
afterAll(() => rmSync(root, { recursive: true }));

let straight: Awaited<ReturnType<typeof runToTheEnd>>;
beforeAll(async () => {
  straight = await runToTheEnd(join(root, 'straight'));
}, campaignTimeoutMs);

const count = (events: Ended['events'], wanted: string) =>
  events.filter(({ kind }) => kind === wanted).length;

/** Processes that are ready to take the folder, and all do so in the same millisecond. */
async function startTogether(folder: string, processes: number): Promise<Running[]> {
  const all = Array.from({ length: processes }, () => startSession({ folder, words: shortRun, waits: true }));
  await Promise.all(
    all.map(
      ({ onEvent, ended }) =>
        new Promise<void>((resolve) => {
          onEvent(({ kind }) => {
            if (kind === 'ready') resolve();
          });
          void ended.then(() => resolve());
        }),
    ),
  );
  const at = Date.now() + 30;
  for (const { child } of all) child.stdin?.write(`${at}\n`);
  return all;
}

test(
  'started at once, exactly one writes',
  async () => {
    const rounds = campaignSize({ ci: 8, long: 200 });
    const random = new CounterRandom(3, 0);
    const figures = { processes: 0, refused: 0, 'already finished': 0 };
    for (let round = 0; round < rounds; round++) {
      const folder = join(root, `run-${round}`);
      random.start(round);
      const processes = random.below(3) === 0 ? 3 : 2;
      // The program as it is started by hand or by a scheduler; and at closer quarters than any of those come.
      const all =
        round % 2 === 0
          ? Array.from({ length: processes }, () => startIclab(shortRunIn(folder)))
          : await startTogether(folder, processes);
      const ended = await Promise.all(all.map((running) => running.ended));
      for (const { code, signal, errors, events } of ended) {
        figures.processes++;
        if (code === 0) {
          expect({ signal, errors }).toEqual({ signal: null, errors: '' });
          if (count(events, 'started') === 0) figures['already finished']++;
          continue;
        }
        figures.refused++;
        expect(code).toBe(exitCodes.cannotWrite);
        expect(errors).toMatch(/^iclab: [^\n]*: process \d+ on \S+ is running this run [^\n]*\n$/);
        expect([count(events, 'started'), count(events, 'saved')]).toEqual([0, 0]);
      }
      expect(ended.filter(({ events }) => count(events, 'started') > 0)).toHaveLength(1);
      const names = readdirSync(folder);
      const writers = [...checkpointsAmong(names), ...snapshotsAmong(names)].map((file) => file.generation);
      expect(new Set(writers).size).toBe(1);
      expect(segmentsAmong(names)).toHaveLength(1);
      expect(await traceOfRun(folder)).toEqual(straight.trace);
      rmSync(folder, { recursive: true });
    }
    tellFigures('simultaneous starts', { rounds, ...figures, 'rounds with two writers': 0 });
  },
  campaignTimeoutMs,
);
