import { describe, expect, it } from 'vitest';
import {
  firstAtLeast,
  lastSequencesOf,
  meanWithin,
  passesAt,
  peakOf,
  sortedCurve,
  valueAt,
} from './curve.ts';

const line = [
  { sequences: 0, value: 0.5 },
  { sequences: 100, value: 0.7 },
  { sequences: 300, value: 0.3 },
];

describe('sortedCurve', () => {
  it('sorts, leaves out what is not finite, and keeps the later of two points at one place', () => {
    const points = [
      { sequences: 64, value: 0.4 },
      { sequences: 32, value: Number.NaN },
      { sequences: 0, value: 0.1 },
      { sequences: Number.POSITIVE_INFINITY, value: 0.2 },
      { sequences: 64, value: 0.6 },
    ];
    expect(sortedCurve(points)).toEqual([
      { sequences: 0, value: 0.1 },
      { sequences: 64, value: 0.6 },
    ]);
  });
});

describe('valueAt', () => {
  it('is exact at the points and straight between them', () => {
    expect(valueAt(line, 100)).toBe(0.7);
    expect(valueAt(line, 50)).toBeCloseTo(0.6, 12);
    expect(valueAt(line, 200)).toBeCloseTo(0.5, 12);
  });

  it('is unknown outside the curve and on an empty one', () => {
    expect(valueAt(line, -1)).toBeUndefined();
    expect(valueAt(line, 301)).toBeUndefined();
    expect(valueAt([], 0)).toBeUndefined();
  });
});

describe('meanWithin', () => {
  it('averages the points of the window, ends included', () => {
    expect(meanWithin(line, 0, 100)).toBeCloseTo(0.6, 12);
  });

  it('takes the value halfway where no point falls in the window', () => {
    expect(meanWithin(line, 190, 210)).toBeCloseTo(0.5, 12);
    expect(meanWithin(line, 400, 500)).toBeUndefined();
  });
});

describe('peaks and passages', () => {
  it('finds the first highest point from a time on', () => {
    expect(peakOf(line)?.sequences).toBe(100);
    expect(peakOf(line, 150)?.sequences).toBe(300);
    expect(peakOf(line, 301)).toBeUndefined();
  });

  it('finds where a line passes a level, and a flat one at its end', () => {
    expect(passesAt(line[0], line[1], 0.6)).toBeCloseTo(50, 9);
    expect(passesAt({ sequences: 0, value: 1 }, { sequences: 8, value: 1 }, 1)).toBe(8);
  });

  it('finds when a level is first reached, from a time on', () => {
    expect(firstAtLeast(line, 0.6)).toBeCloseTo(50, 9);
    expect(firstAtLeast(line, 0.5)).toBe(0);
    expect(firstAtLeast(line, 0.71)).toBeUndefined();
    expect(firstAtLeast(line, 0.6, 70)).toBe(70);
  });

  it('knows the end of a curve', () => {
    expect(lastSequencesOf(line)).toBe(300);
    expect(lastSequencesOf([])).toBeUndefined();
  });
});
