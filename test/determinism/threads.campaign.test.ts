/** Every short run on every number of threads; in CI some of them. */
import { expect, test } from 'vitest';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import { startThreads } from '../../src/runs/threads/start-threads.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { goldenProblem } from './golden-hashes.ts';
import { hashOnThreads } from './run-hashes.ts';
import { shortRuns } from './short-runs.ts';

const { module: kernelModule, hash } = loadKernelModule();

test(
  'short runs give the golden bits on 2, 3, 4, 7 and 8 threads',
  async () => {
    const runs = shortRuns();
    const cases = [2, 3, 4, 7, 8].flatMap((threads, i) =>
      runs.map((run, j) => ({ threads, run, at: i + j })),
    );
    const some = cases.filter(({ at }) => at % campaignSize({ ci: 24, long: 1 }) === 0);
    for (const { threads, run } of some) {
      const { name, config } = run;
      const hashed = await hashOnThreads(config, kernelModule, threads, startThreads);
      expect(goldenProblem(name, hashed, hash), `${threads} threads`).toBeUndefined();
    }
    tellFigures('threads', { runs: some.length, 'that differ': 0 });
  },
  campaignTimeoutMs,
);
