/** The same conformance suites in Chromium. */
import { expect, test } from 'vitest';
import type { Platform } from './platform.ts';
import { conformanceSuites } from './suites.ts';

const platform: Platform = {
  name: 'chromium',
  kernelBytes: async () => {
    const response = await fetch('/build/kernels.wasm');
    if (!response.ok)
      throw new Error(`/build/kernels.wasm: HTTP ${response.status}; npm run build:kernels makes it`);
    return new Uint8Array(await response.arrayBuffer());
  },
};

test('this is a browser', () => {
  expect(navigator.userAgent).toMatch(/Chrom(e|ium)\//);
  expect(crossOriginIsolated, 'served so that memory may be shared between threads').toBe(true);
});

for (const suite of conformanceSuites) suite(platform);
