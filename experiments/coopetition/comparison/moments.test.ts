import { expect, it } from 'vitest';
import { madeUpRun, transientKnots } from '../fig1b/test-tables.ts';
import { groupRuns } from './groups.ts';
import { compareMoments, momentText, rangeText } from './moments.ts';
import { comparedRun } from './test-runs.ts';

const whole = madeUpRun(transientKnots, 3e6, 1e5);
const short = madeUpRun(transientKnots, 1.2e6, 1e5);

it('gives mean and range over the runs that reached a moment; a peak that may yet be passed is none', () => {
  const groups = groupRuns([comparedRun('a', 1, whole), comparedRun('b', 2, short)]);
  const { groups: found, ciwlLevel } = compareMoments(groups);
  expect(ciwlLevel).toBe(0.9);
  const [{ runs, peakSoFar, range }] = found;
  expect(peakSoFar).toEqual([false, true]);
  expect(range[1]).toMatchObject({ reached: 2, smallest: range[1]?.largest });
  expect(range[2]).toMatchObject({ reached: 1, mean: 1.3e6 });
  expect(range[4]?.reached).toBe(1);
  expect(momentText(runs[1], 2, peakSoFar[1])).toMatch(/^1\.2M \(\.7\d so far\)$/);
  expect(momentText(runs[0], 2, peakSoFar[0])).toMatch(/^1\.3M \(\.7\d\)$/);
  expect(momentText(runs[1], 3, true)).toBe('not reached');
  expect(rangeText(found[0], 3)).toMatch(/^1\.87M \(1\.87M to 1\.87M, 1 of 2\)$/);
});

it("takes CIWL's level of the scale that all runs have, else that of runs of none", () => {
  const rate = 'train.optimizer.rate=0.00001';
  const paper = [rate, 'evaluate.sequencesPerEvaluator=5000'];
  const [a, b] = [comparedRun('a', 1, whole, paper), comparedRun('b', 2, whole, paper)];
  expect(a.info.scale).toBe('paper');
  expect(compareMoments(groupRuns([a, b])).ciwlLevel).toBe(0.95);
  expect(compareMoments(groupRuns([a, comparedRun('c', 3, whole)])).ciwlLevel).toBe(0.9);
});

it('says where no run reached a moment', () => {
  const start = madeUpRun(transientKnots, 2e5, 1e5);
  const groups = groupRuns([comparedRun('a', 1, start), comparedRun('b', 2, start)]);
  expect(rangeText(compareMoments(groups).groups[0], 4)).toBe('not reached');
});
