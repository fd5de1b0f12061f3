import { describe, expect, it } from 'vitest';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { tableDifferences } from './table-differences.ts';

function evaluation(evaluator: string, sequences: number, value: number): EvaluationRecord {
  return {
    kind: 'evaluation',
    sequences,
    step: sequences / 32,
    evaluator,
    n: 100,
    loss: 1,
    accuracy: value / 2,
    inContextAccuracy: value,
    inContextProb: value,
    prob: 0,
    contextProb: 0.5,
    outOfContextAccuracy: 0,
    outOfContextProb: 0,
  };
}

const flip = (...points: readonly (readonly [sequences: number, value: number])[]) =>
  points.map(([sequences, value]) => evaluation('flip', sequences, value));

const accuracy = (first: readonly EvaluationRecord[], second: readonly EvaluationRecord[]) =>
  tableDifferences(first, second).curves.find(({ metric }) => metric === 'inContextAccuracy');

describe('tableDifferences', () => {
  it('gives the largest difference and where, and the last, second less first', () => {
    const found = accuracy(flip([0, 0.5], [32, 0.75], [64, 0.5]), flip([0, 0.5], [32, 0.25], [64, 0.75]));
    expect(found).toEqual({
      evaluator: 'flip',
      metric: 'inContextAccuracy',
      shared: 3,
      differing: 2,
      largest: { sequences: 32, difference: -0.5 },
      last: { sequences: 64, difference: 0.25 },
    });
  });

  it('compares only where both were evaluated, whatever the order of the records', () => {
    const first = flip([0, 0.5], [32, 1], [64, 0.5], [96, 1]).toReversed();
    const { shared, curves } = tableDifferences(first, flip([0, 0.5], [64, 0.5], [80, 0]));
    expect(shared).toEqual({ sequences: [0, 64], onlyFirst: 2, onlySecond: 1 });
    expect(curves.every(({ shared: points }) => points === 2)).toBe(true);
  });

  it('says identical only where every metric is the same in every bit', () => {
    const table = flip([0, 0.1], [32, 0.3]);
    expect(tableDifferences(table, table)).toMatchObject({ identical: true, onlyFirst: [], onlySecond: [] });
    const lastBit = [table[0], { ...table[1], outOfContextProb: Number.MIN_VALUE }];
    expect(tableDifferences(table, lastBit).identical).toBe(false);
    expect(accuracy(table, lastBit)).not.toHaveProperty('largest');
    const negativeZero = [table[0], { ...table[1], prob: -0 }];
    expect(tableDifferences(table, negativeZero).identical).toBe(false);
  });

  it('is not identical, but nothing, where nothing is shared', () => {
    expect(tableDifferences(flip([0, 0.5]), flip([32, 0.5]))).toMatchObject({ curves: [], identical: false });
    expect(tableDifferences([], [])).toMatchObject({ curves: [], identical: false });
  });

  it('names evaluators that only one has', () => {
    const both = [evaluation('icl', 0, 0.5), ...flip([0, 0.5])];
    const other = [...flip([0, 0.5]), evaluation('trainB2', 0, 0.5)];
    expect(tableDifferences(both, other)).toMatchObject({ onlyFirst: ['icl'], onlySecond: ['trainB2'] });
  });

  it('takes the later of two records of one moment, as figures do', () => {
    const twice = [...flip([0, 0.25]), ...flip([0, 0.5])];
    expect(tableDifferences(twice, flip([0, 0.5])).identical).toBe(true);
  });
});
