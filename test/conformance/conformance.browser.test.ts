/** The same conformance suites in Chromium. */
import { expect, test } from 'vitest';
import { chromiumPlatform } from './chromium-platform.ts';
import { conformanceSuites } from './suites.ts';

test('this is a browser', () => {
  expect(navigator.userAgent).toMatch(/Chrom(e|ium)\//);
  expect(crossOriginIsolated, 'served so that memory may be shared between threads').toBe(true);
});

for (const suite of conformanceSuites) suite(chromiumPlatform);
