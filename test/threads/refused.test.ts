/** Where Node gives no threads: a run that did not ask for them by name goes on with one and says so. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Crew } from '../../src/engine/threads/crew.ts';
import { refusalWarning, startCrew } from '../../src/engine/threads/start-crew.ts';
import { nodeForeman, refusalOf } from '../../src/runs/threads/node-workers.ts';
import { physicalCores } from '../../src/runs/threads/physical-cores.ts';
import { startNode } from '../reliability/program.ts';
import { addTestTasks, newTestWork } from './testing-tasks.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-refused-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a refusal', () => {
  test.each([
    [
      'ERR_ACCESS_DENIED',
      'Access to this API has been restricted. Use --allow-worker to manage permissions.',
    ],
    ['ERR_WORKER_INIT_FAILED', 'Worker initialization failure: EAGAIN'],
    ['ERR_WORKER_OUT_OF_MEMORY', 'Worker terminated due to reaching memory limit: JS heap out of memory'],
  ])('%s', (code, message) => {
    expect(refusalOf(Object.assign(new Error(message), { code }))).toBe(message.replace(/\.$/, ''));
  });

  test('is silence too', async () => {
    const silent = {
      crew: new Crew(),
      threads: 2,
      work: undefined,
      startForeman: () => ({ terminate: () => undefined }),
      startWithinMs: 20,
    };
    await expect(startCrew(silent)).rejects.toThrow(
      'engine: the other threads did not start: nothing heard of them for 0.02 s; with --threads 1 (threads: 1 in a ' +
        'program) it needs none',
    );
    const reasons: string[] = [];
    await startCrew({ ...silent, onRefused: (reason) => reasons.push(reason) });
    expect(reasons).toEqual(['nothing heard of them for 0.02 s']);
  });

  test('is not what is wrong with the program', () => {
    expect(refusalOf(new Error('it built another model than the first thread'))).toBeUndefined();
    expect(refusalOf(Object.assign(new Error('x'), { code: 'ERR_MODULE_NOT_FOUND' }))).toBeUndefined();
  });
});

describe('a crew whose member Node does not start', () => {
  const start = (onRefused?: (reason: string) => void) => {
    const [crew, work] = [new Crew(), newTestWork()];
    const task = addTestTasks(crew, work, 0);
    const startForeman = nodeForeman(new URL('./refused-member.ts', import.meta.url));
    return { work, task, started: startCrew({ crew, threads: 2, work, startForeman, onRefused }) };
  };
  const reason = 'Worker terminated due to reaching memory limit: JS heap out of memory';

  test('is one thread for who can do with one', async () => {
    const reasons: string[] = [];
    const { work, task, started } = start((why) => reasons.push(why));
    await (await started).stop();
    task(1);
    expect([reasons, work.sums[0]]).toEqual([[reason], 1]);
  });

  test('is an error for who cannot', async () => {
    await expect(start().started).rejects.toThrow(
      `engine: the other threads did not start: ${reason}; with --threads 1 (threads: 1 in a program) it needs none`,
    );
  });
});

describe('a run under a policy without workers', () => {
  const iclab = fileURLToPath(new URL('../../bin/iclab.js', import.meta.url));
  const policy = ['--import', new URL('./without-workers.ts', import.meta.url).href];
  const settings = ['train.trainSequences=32', 'evaluate.sequencesPerEvaluator=8', 'data.source.exemplars=5'];
  const train = (name: string, ...flags: string[]) =>
    startNode([
      ...policy,
      iclab,
      'train',
      'paper',
      ...settings,
      '--json',
      '--out',
      join(folder, name),
      ...flags,
    ]).ended;
  const denied = 'Access to this API has been restricted. Use --allow-worker to manage permissions';

  test.runIf(physicalCores() > 1)(
    'goes on with one, in one line and in run.json',
    { timeout: 60_000 },
    async () => {
      const { code, events } = await train('auto');
      expect(events.filter(({ kind }) => kind === 'warning')).toEqual([
        { kind: 'warning', message: refusalWarning(denied) },
      ]);
      expect(refusalWarning('why')).toBe(
        'engine: the other threads did not start: why; going on with one, which is slower and gives the same numbers',
      );
      expect([code, events.at(-1)?.outcome]).toEqual([0, 'finished']);
      const record = JSON.parse(readFileSync(join(folder, 'auto/run.json'), 'utf8')) as object;
      expect(record).toMatchObject({ engine: { name: 'wasm', threads: 1, threadsReason: denied } });
    },
  );

  test('is an error where threads were asked for by name', { timeout: 60_000 }, async () => {
    const { code, errors } = await train('named', '--threads', '2');
    expect([code, errors]).toEqual([
      70,
      `iclab: engine: the other threads did not start: ${denied}; with --threads 1 (threads: 1 in a program) it needs none\n`,
    ]);
  });
});
