/** The golden hashes whatever the number of threads, every call of a kernel shared that can be. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { Threads } from '../../src/engine/threads/start-crew.ts';
import { tallTilesMark } from '../../src/engine/wasm/marked-module.ts';
import { assembleRun } from '../../src/runs/assemble.ts';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import { startThreads } from '../../src/runs/threads/start-threads.ts';
import { hashState } from '../../src/runs/state-hash.ts';
import { goldenHashes, goldenProblem } from './golden-hashes.ts';
import { hashOnThreads } from './run-hashes.ts';
import { shortRun, shortRuns } from './short-runs.ts';

const { module: kernelModule, hash } = loadKernelModule();
const running: Threads[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((threads) => threads.stop()));
});

async function problemWith(
  threads: number,
  name: string,
  module = kernelModule,
): Promise<string | undefined> {
  return goldenProblem(name, await hashOnThreads(shortRun(name).config, module, threads, startThreads), hash);
}

const everyModel = shortRuns().filter(({ name }) => /^(?!odd\/)/.test(name));

describe('every kind of model', () => {
  test.each(everyModel)(
    '$name',
    async ({ name }) => {
      expect(await problemWith(name.endsWith('/adam') ? 2 : 8, name)).toBeUndefined();
    },
    60_000,
  );
});

describe.each([3, 4, 7])('on %i threads', (threads) => {
  test.each(['paper/adam', 'oddEverything/adam', 'manyLabels/sgd', 'odd/adam-released-warmupCosine'])(
    '%s',
    async (name) => {
      expect(await problemWith(threads, name)).toBeUndefined();
    },
    60_000,
  );
});

describe('in tiles of 4 rows', () => {
  const { module } = loadKernelModule(undefined, [tallTilesMark]);
  test.each([1, 2, 8])(
    'on %i threads',
    async (threads) => {
      expect(await problemWith(threads, 'paper/adam', module)).toBeUndefined();
      expect(await problemWith(threads, 'oddEverything/adam', module)).toBeUndefined();
    },
    60_000,
  );
});

test('a run that goes on with another number of threads', async () => {
  const { config } = shortRun('paper/adam');
  let state = new Map<string, { data: Float32Array }>();
  let step = 0;
  let end = '';
  for (const [threads, steps] of [
    [1, 7],
    [3, 20],
    [2, 33],
  ]) {
    const run = assembleRun(config, kernelModule);
    const { kernels, shape } = run;
    const { train } = config;
    const settings = { leastOperations: 0 };
    running.push(await startThreads({ kernels, kernelModule, shape, train, threads, settings }));
    if (step > 0) run.trainer.loadState(state, step);
    for (let i = 0; i < steps; i++) run.trainer.trainStep();
    step = run.trainer.step;
    const tensors = run.trainer.stateTensors();
    state = new Map([...tensors].map(([name, { data }]) => [name, { data: Float32Array.from(data) }]));
    end = (await hashState(tensors)).state;
  }
  expect(end).toBe(goldenHashes().runs['paper/adam'].end.state);
}, 60_000);

test('threads that nobody stopped keep no process', async () => {
  const child = fileURLToPath(new URL('../threads/leaving-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child], { timeout: 60_000 });
  expect(Number(stdout)).toBeGreaterThan(1);
}, 90_000);
