/** The golden hashes in a page whatever the number of threads, every call of a kernel shared that can be. */
import { beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../src/runs/state-hash.ts';
import { chromiumPlatform } from '../conformance/chromium-platform.ts';
import { livingMembers, play } from '../threads/scenarios.ts';
import { goldenProblem } from './golden-hashes.ts';

let kernels: WebAssembly.Module;
let hash: string;
beforeAll(async () => {
  const bytes = await chromiumPlatform.kernelBytes();
  hash = (await sha256(bytes)).slice(0, 12);
  kernels = await WebAssembly.compile(bytes);
});

const cases = [1, 2, 3, 4, 7, 8].flatMap((threads) => [
  [threads, 'paper/adam'] as const,
  [threads, ['manyLabels/sgd', 'odd/adam-released-warmupCosine', 'oddEverything/adam'][threads % 3]] as const,
]);

test.each(cases)(
  'on %i threads: %s',
  async (threads, run) => {
    const outcome = await play({ kind: 'hash', run, threads, kernels });
    expect(outcome).toMatchObject({ threads, reason: undefined });
    expect(goldenProblem(run, outcome.hashed, hash)).toBeUndefined();
    await expect.poll(livingMembers, { timeout: 10_000 }).toBe(0);
  },
  60_000,
);

test('one thread where the browser refuses others, and it says so', async () => {
  const run = 'paper/adam';
  const outcome = await play({ kind: 'hash', run, threads: 4, kernels, isRefused: true });
  expect(outcome).toMatchObject({
    threads: 1,
    reason: 'the browser refuses the worker another: Error: no workers here',
  });
  expect(goldenProblem(run, outcome.hashed, hash)).toBeUndefined();
}, 60_000);
