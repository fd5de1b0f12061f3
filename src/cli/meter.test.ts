import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { accuraciesOf, formatDuration, type MeterState, meterLine, strategyText } from './meter.ts';

const state: MeterState = {
  sequences: 1_210_000,
  trainSequences: 3_000_000,
  sequencesPerSecond: 6900,
  loss: 6.1234,
  accuracies: { train: 0.93, icl: 0.85, ciwl: 0.61, flip: 0.72 },
};

const full = '1.21M/3M  40%  6.9k/s  ETA 4:19  loss 6.123  train .93  ICL .85  CIWL .61  Flip .72  ICL rules';

const compact = '1.21M/3M 40% 6.9k/s 4:19 loss 6.12 train.93 ICL.85 CIWL.61 Flip.72 ICL rules';

describe('the meter', () => {
  test('shows everything in 80 columns, of which the last stays free', () => {
    const widest = {
      sequences: 18_210_000,
      trainSequences: 20_000_000,
      sequencesPerSecond: 49,
      loss: 9.4412,
      accuracies: { train: 1, icl: 0.12, ciwl: 0.99, flip: 0.01 },
    };
    expect(meterLine(widest, 79)).toBe(
      '18.2M/20M 91% 49/s 10h08 loss 9.44 train1.0 ICL.12 CIWL.99 Flip.01 CIWL rules',
    );
    expect(meterLine({ ...widest, sequencesPerSecond: 16_900, isEvaluating: true }, 79)).toContain(
      ' 16.9k/s eval loss 9.44 train1.0 ICL.12 CIWL.99 Flip.01 CIWL rules',
    );
  });

  test('keeps a loss that has run away short', () => {
    expect(meterLine({ ...state, loss: 6.0953e13 }, 200)).toContain('loss 6.10e+13  ');
  });

  test('shows sequences, speed, time left, loss, four accuracies and who rules', () => {
    expect(meterLine(state, 200)).toBe(full);
  });

  test.each([
    [full.length, full],
    [full.length - 1, compact],
    [compact.length, compact],
    [compact.length - 1, compact.replace(' 6.9k/s', '')],
    [65, '1.21M/3M 4:19 loss 6.12 train.93 ICL.85 CIWL.61 Flip.72 ICL rules'],
    [60, '1.21M/3M 4:19 train.93 ICL.85 CIWL.61 Flip.72 ICL rules'],
    [50, '1.21M/3M 4:19 ICL.85 CIWL.61 Flip.72 ICL rules'],
    [41, '1.21M/3M ICL.85 CIWL.61 Flip.72 ICL rules'],
    [40, '1.21M/3M ICL.85 Flip.72 ICL rules'],
    [30, '1.21M/3M Flip.72 ICL rules'],
    [20, '1.21M/3M ICL rules'],
    [10, '1.21M/3M'],
    [5, '1.21M'],
    [0, ''],
  ])('leaves out what matters least in %d columns', (columns, line) => {
    expect(meterLine(state, columns)).toBe(line);
  });

  test('never is too wide, whatever the numbers', () => {
    const number = fc.oneof(fc.double(), fc.constant(Number.NaN));
    const accuracies = fc.record({ train: number, icl: number, ciwl: number, flip: number });
    fc.assert(
      fc.property(fc.nat(), fc.nat(), number, number, accuracies, fc.nat(200), (...values) => {
        const [sequences, trainSequences, sequencesPerSecond, loss, measured, columns] = values;
        const line = meterLine(
          { sequences, trainSequences, sequencesPerSecond, loss, accuracies: measured },
          columns,
        );
        expect(line.length).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\r\n]/);
      }),
    );
  });

  test('says what it does not know yet', () => {
    expect(meterLine({ sequences: 0, trainSequences: 64 }, 80)).toBe('0/64  0%  ETA -');
    expect(meterLine({ sequences: 0, trainSequences: 0, isEvaluating: true }, 80)).toBe(
      '0/0  100%  evaluating',
    );
  });
});

test('the accuracies of 8 pairs take the set of burstiness 3 as train', () => {
  const record = (evaluator: string, inContextAccuracy: number) =>
    ({ evaluator, inContextAccuracy }) as EvaluationRecord;
  const records = [record('trainB2', 0.1), record('trainB3', 0.2), record('icl', 0.3), record('ciwl', 0.4)];
  expect(accuraciesOf(records)).toEqual({ train: 0.2, icl: 0.3, ciwl: 0.4, flip: Number.NaN });
});

test.each([
  [undefined, ''],
  [{ train: 0.5, icl: 0, ciwl: 0, flip: 0.9 }, 'no strategy yet'],
  [{ train: 0.9, icl: 0, ciwl: 0, flip: 0.9 }, 'ICL rules'],
  [{ train: 0.9, icl: 0, ciwl: 0, flip: 0.1 }, 'CIWL rules'],
  [{ train: Number.NaN, icl: 0, ciwl: 0, flip: 0.1 }, ''],
])('of %j the dominant strategy is "%s"', (accuracies, text) => {
  expect(strategyText(accuracies)).toBe(text);
});

test.each([
  [-3, '0:00'],
  [59.6, '1:00'],
  [3599, '59:59'],
  [7445, '2:04:05'],
  [200_000, '2 d 7 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
