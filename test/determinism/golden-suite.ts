/** Every short run against its golden hashes, where it is run: a suite for Node and for Chromium. */
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/runs/state-hash.ts';
import type { Platform } from '../conformance/platform.ts';
import { goldenHashes, goldenProblem } from './golden-hashes.ts';
import { hashRun } from './run-hashes.ts';
import { shortRuns } from './short-runs.ts';

export function goldenHashesSuite(platform: Platform): void {
  describe('short runs give the golden bits', () => {
    let kernels: WebAssembly.Module;
    let hash: string;
    beforeAll(async () => {
      const bytes = await platform.kernelBytes();
      hash = (await sha256(bytes)).slice(0, 12);
      kernels = await WebAssembly.compile(bytes);
    });

    test.each(shortRuns())('$name', async ({ name, config }) => {
      expect(goldenProblem(name, await hashRun(config, kernels), hash)).toBeUndefined();
    });

    test('the file holds these runs and no others', () => {
      expect(Object.keys(goldenHashes().runs)).toEqual(shortRuns().map(({ name }) => name));
    });
  });
}
