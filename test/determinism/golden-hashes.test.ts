/** The golden hashes in Node, and how a difference is told. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { goldenHashes, goldenProblem } from './golden-hashes.ts';
import { goldenHashesSuite } from './golden-suite.ts';
import type { HashedRun, RunHashes } from './run-hashes.ts';

goldenHashesSuite({
  name: 'node',
  kernelBytes: async () =>
    new Uint8Array(await readFile(new URL('../../build/kernels.wasm', import.meta.url))),
});

describe('a difference', () => {
  const state = (tensors: string) => ({ state: `state of ${tensors}`, tensors });
  const golden: RunHashes = {
    inputs: 'i',
    start: state('a b c'),
    firstStep: state('d e f'),
    end: state('g h i'),
    metrics: 'm',
  };
  const birth = { ...goldenHashes().birth, kernels: 'old' };
  const problem = (changes: Partial<RunHashes>, name = 'paper/adam', kernels = 'new') => {
    const run: HashedRun = { hashes: { ...golden, ...changes }, tensorNames: ['w', 'adam.m.w', 'adam.v.w'] };
    return goldenProblem(name, run, kernels, { birth, runs: { 'paper/adam': golden } });
  };

  test('names run, tensor, moment, kernels, and the way to change the file', () => {
    expect(problem({ firstStep: state('d x y'), end: state('x y z'), metrics: 'n' })).toBe(
      'short run paper/adam: first differs in adam.m.w after the first step, and 1 of 2 others; the kernels were old ' +
        'and are new; if numbers are meant to change, run "node test/determinism/write-golden-hashes.ts", say why in ' +
        'the commit',
    );
  });

  test.each([
    [{ inputs: 'j', start: state('x b c') }, 'the features or the sequences of the evaluators'],
    [{ start: state('a b x') }, 'adam.v.w before the first step;'],
    [{ end: state('x y z') }, 'w at the end, and 2 of 2 others;'],
    [{ end: state('g h') }, 'the number of tensors of the state at the end'],
    [{ end: { state: 'other', tensors: 'g h i' } }, 'the state at the end;'],
    [{ metrics: 'n' }, 'the metrics (every weight is the same)'],
  ])('is found in %j', (changes, words) => {
    expect(problem(changes)).toContain(`first differs in ${words}`);
  });

  test('under the same kernels is not put down to them', () => {
    expect(problem({ metrics: 'n' }, 'paper/adam', 'old')).toContain('the kernels are the same (old)');
  });

  test('is a run that the file does not have', () => {
    expect(problem({}, 'toString')).toContain('short run toString: has no golden hashes yet; if numbers');
  });

  test('is not seen where there is none, whatever the kernels', () => {
    expect(problem({})).toBeUndefined();
  });
});
