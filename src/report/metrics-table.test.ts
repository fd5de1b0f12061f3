import { describe, expect, it } from 'vitest';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { curveOf, type MetricsTable, setSizes } from './metrics-table.ts';

function record(evaluator: string, sequences: number, accuracy: number, n = 1000): EvaluationRecord {
  const rest = {
    inContextProb: 0,
    prob: 0,
    contextProb: 0,
    outOfContextAccuracy: 0,
    outOfContextProb: 0,
    loss: 0,
  };
  return {
    kind: 'evaluation',
    sequences,
    step: sequences / 32,
    evaluator,
    n,
    accuracy,
    inContextAccuracy: accuracy / 2,
    ...rest,
  };
}

const table: MetricsTable = [
  record('icl', 64, 0.6),
  { kind: 'train', sequences: 6400, step: 200, loss: 9 },
  record('icl', 0, 0.5),
  record('iwl', 64, 0.1, 500),
  record('icl', 64, 0.8),
  record('icl', 128, Number.NaN),
];

describe('curveOf', () => {
  it('picks one metric of one evaluator, in order, the later record of two, none that is not finite', () => {
    expect(curveOf(table, 'icl', 'accuracy')).toEqual([
      { sequences: 0, value: 0.5, n: 1000 },
      { sequences: 64, value: 0.8, n: 1000 },
    ]);
    expect(curveOf(table, 'icl', 'inContextAccuracy').map((point) => point.value)).toEqual([0.25, 0.4]);
  });

  it('is empty for an evaluator that was not measured', () => {
    expect(curveOf(table, 'flip', 'accuracy')).toEqual([]);
  });
});

it('lists the set sizes', () => {
  expect(setSizes(table)).toEqual([500, 1000]);
  expect(setSizes(table, ['icl', 'flip'])).toEqual([1000]);
});
