/** The conformance suites in Node. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Platform } from './platform.ts';
import { conformanceSuites } from './suites.ts';

const platform: Platform = {
  name: 'node',
  kernelBytes: async () =>
    new Uint8Array(await readFile(new URL('../../build/kernels.wasm', import.meta.url))),
};

test('this is Node', () => {
  expect('window' in globalThis).toBe(false);
});

for (const suite of conformanceSuites) suite(platform);
