import { describe, expect, it } from 'vitest';
import { evaluation } from '../fig1b/test-tables.ts';
import {
  comparedEvaluators,
  groupCurves,
  sharedReach,
  sharedSequences,
  stretchesOf,
} from './group-curves.ts';
import { groupRuns } from './groups.ts';
import { comparedRun } from './test-runs.ts';

const flip = (...points: readonly (readonly [sequences: number, value: number])[]) =>
  points.map(([sequences, value]) => evaluation('flip', sequences, value));

/** One group: grids that differ, one run shorter. */
const [group] = groupRuns([
  comparedRun('a', 1, flip([0, 0.5], [10, 0.75], [20, 1], [30, 1], [40, 1])),
  comparedRun('b', 2, flip([0, 0.25], [20, 0.5], [40, 0.5])),
  comparedRun('c', 3, flip([0, 0.75], [10, 0.5], [20, 0])),
]);
const evaluators = comparedEvaluators(group.runs);

describe('groupCurves', () => {
  it('takes the mean only where every run was measured, with the smallest and the largest', () => {
    expect(groupCurves(group, evaluators[0]).mean).toEqual([
      { sequences: 0, value: 0.5, smallest: 0.25, largest: 0.75 },
      { sequences: 20, value: 0.5, smallest: 0, largest: 1 },
    ]);
  });

  it('keeps every point of the runs', () => {
    expect(groupCurves(group, evaluators[0]).runs.map((curve) => curve.length)).toEqual([5, 3, 3]);
  });

  it('has no mean of one run, and none where a run has no such evaluator', () => {
    const alone = { ...group, runs: group.runs.slice(0, 1) };
    expect(groupCurves(alone, evaluators[0]).mean).toEqual([]);
    const without = { ...group, runs: [...group.runs, comparedRun('d', 4, [evaluation('icl', 0, 0.5)])] };
    expect(groupCurves(without, evaluators[0]).mean).toEqual([]);
  });
});

it('finds the sequences that all curves share', () => {
  const curve = (...at: number[]) => at.map((sequences) => ({ sequences, value: 0 }));
  expect(sharedSequences([curve(0, 5, 10), curve(0, 10, 15), curve(10)])).toEqual([10]);
  expect(sharedSequences([])).toEqual([]);
});

it('tells how many runs each stretch has, and how far all go', () => {
  expect(stretchesOf(group)).toEqual([
    { from: 0, to: 20, runs: 3 },
    { from: 20, to: 40, runs: 2 },
  ]);
  expect(sharedReach(group, evaluators)).toEqual({ evaluations: 2, last: 20 });
});

describe('comparedEvaluators', () => {
  const measuring = (name: string, ...measured: string[]) =>
    comparedRun(
      name,
      1,
      measured.map((evaluator) => evaluation(evaluator, 0, 0.5)),
    );

  it('has those of at least two runs, in the order of figure 1b', () => {
    const found = comparedEvaluators([
      measuring('a', 'iwl', 'flip', 'trainB2'),
      measuring('b', 'flip', 'train', 'trainB2'),
      measuring('c', 'trainB2', 'iwl'),
    ]);
    expect(found.map(({ name, metric }) => [name, metric])).toEqual([
      ['flip', 'inContextAccuracy'],
      ['iwl', 'accuracy'],
      ['trainB2', 'inContextAccuracy'],
    ]);
    expect(found[2].displayName).toBe('train, burstiness 2');
  });

  it('refuses runs that have none in common', () => {
    expect(() => comparedEvaluators([measuring('a', 'train'), measuring('b', 'flip', 'icl')])).toThrow(
      'no evaluator in common: a has train; b has flip, icl; give runs that measure the same',
    );
  });
});
