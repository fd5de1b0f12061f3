import { expect, test } from 'vitest';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed } from '../runs/presets/index.ts';
import type { Executor, RunEnd, RunJob } from './executor.ts';
import { runAll } from './run-all.ts';

const config = loadConfig({ preset: presetNamed('smoke') });
const jobs = (count: number): RunJob[] =>
  Array.from({ length: count }, (_, i) => ({ config, folder: `runs/${i}`, command: ['iclab'] }));

/** Runs that end when the test says so. */
function byHand() {
  const open = new Map<string, { end: (end: RunEnd) => void; threads: number | undefined }>();
  const stopped: string[] = [];
  const executor: Executor = {
    start({ folder, mostThreads }) {
      const { promise, resolve } = Promise.withResolvers<RunEnd>();
      const end = (how: RunEnd) => {
        open.delete(folder);
        resolve(how);
      };
      open.set(folder, { end, threads: mostThreads });
      return {
        ended: promise,
        stop: () => {
          stopped.push(folder);
          end({ kind: 'ended', result: { outcome: 'stopped', folder, sequences: 32, step: 1 } });
        },
      };
    },
  };
  return { executor, open, stopped };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const finished = (folder: string): RunEnd => ({
  kind: 'ended',
  result: { outcome: 'finished', folder, sequences: 64, step: 2 },
});

test('as many at once as there are places, the next where one is free, each with the place that it took', async () => {
  const { executor, open } = byHand();
  const all = runAll({ jobs: jobs(4), executor, places: [2, 1] });
  await turn();
  expect([...open.keys()]).toEqual(['runs/0', 'runs/1']);
  open.get('runs/1')?.end(finished('runs/1'));
  await turn();
  expect([...open].map(([folder, { threads }]) => [folder, threads])).toEqual([
    ['runs/0', 2],
    ['runs/2', 1],
  ]);
  const error = new Error('no more');
  open.get('runs/0')?.end({ kind: 'failed', error });
  await turn();
  expect([...open.keys()]).toEqual(['runs/2', 'runs/3']);
  for (const [folder, { end }] of open) end(finished(folder));
  expect(await all).toEqual([
    { kind: 'failed', error },
    finished('runs/1'),
    finished('runs/2'),
    finished('runs/3'),
  ]);
});

test('a signal stops those that are running and begins no other', async () => {
  const { executor, stopped } = byHand();
  const controller = new AbortController();
  const ended: number[] = [];
  const all = runAll({
    jobs: jobs(3),
    executor,
    places: [1, 1],
    signal: controller.signal,
    onEnd: (index) => ended.push(index),
  });
  await turn();
  controller.abort();
  expect((await all).map(({ kind }) => kind)).toEqual(['ended', 'ended', 'notBegun']);
  expect([stopped, ended]).toEqual([
    ['runs/0', 'runs/1'],
    [0, 1],
  ]);
});
