/**
 * Every suite that must give the same numbers in Node and in a browser. A suite is a function that declares
 * vitest tests; add it to this list and it runs in both.
 */
import { initialiseSuite } from './initialise.ts';
import { kernelsSuite } from './kernels.ts';
import type { Platform } from './platform.ts';
import { syntheticSuite } from './synthetic.ts';
import { threefrySuite } from './threefry.ts';
import { toySuite } from './toy.ts';

export const conformanceSuites: readonly ((platform: Platform) => void)[] = [
  threefrySuite,
  kernelsSuite,
  initialiseSuite,
  syntheticSuite,
  toySuite,
];
