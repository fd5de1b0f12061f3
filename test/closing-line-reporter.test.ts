import { expect, test } from 'vitest';
import { type CountedModule, countResults } from './closing-line-reporter.ts';

const module = (states: string[], errors: unknown[] = []): CountedModule => ({
  children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
  errors: () => errors,
});

test('sums over modules and leaves out what was skipped', () => {
  const modules = [module(['passed', 'failed', 'skipped']), module(['passed', 'passed'])];
  expect(countResults(modules, 0)).toEqual({ passed: 3, failed: 1 });
});

test('a file that does not load, and an error outside any test, count as failures', () => {
  expect(countResults([module([], [new Error('no such module')]), module(['passed'])], 2)).toEqual({
    passed: 1,
    failed: 3,
  });
});

test('a test that was cut short did not pass', () => {
  expect(countResults([module(['pending'])], 0)).toEqual({ passed: 0, failed: 1 });
});

test('nothing ran', () => {
  expect(countResults([], 0)).toEqual({ passed: 0, failed: 0 });
});
