import { describe, expect, it } from 'vitest';
import type { Curve } from './curve.ts';
import { findMoments, momentDefinition } from './moments.ts';

const n = 1000;

/** A curve with one evaluation every 100 sequences. */
function every100(values: readonly number[]): Curve {
  return values.map((value, i) => ({ sequences: 100 * i, value, n }));
}

const learntCiwl = every100([0.5, 0.5, 0.52, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97]);
const transientFlip = every100([0.5, 0.46, 0.45, 0.55, 0.7, 0.65, 0.45, 0.3, 0.1, 0.05]);

describe('the moments of a run like figure 1b', () => {
  const moments = findMoments({ flip: transientFlip, ciwl: learntCiwl }, 0.95);

  it('finds the passages on the straight lines between evaluations', () => {
    expect(moments[1]?.sequences).toBeCloseTo(250, 9);
    expect(moments[3]?.sequences).toBeCloseTo(575, 9);
    expect(moments[4]?.sequences).toBeCloseTo(800, 9);
  });

  it('finds the maximum at an evaluation', () => {
    expect(moments[2]).toEqual({ number: 2, evaluator: 'flip', sequences: 400, value: 0.7 });
  });

  it('takes the level of moment 4 from the caller', () => {
    expect(findMoments({ flip: [], ciwl: learntCiwl }, 0.85)[4]?.sequences).toBeCloseTo(650, 9);
    expect(findMoments({ flip: [], ciwl: every100([0.96, 0.97]) }, 0.95)[4]).toMatchObject({
      sequences: 0,
      value: 0.96,
    });
  });
});

describe('what is not there is not found', () => {
  it('no moment but the fourth where CIWL comes at once', () => {
    const flip = every100([0.5, 0.49, 0.4, 0.3, 0.2, 0.1, 0.06, 0.05, 0.04, 0.04]);
    expect(Object.keys(findMoments({ flip, ciwl: learntCiwl }, 0.95))).toEqual(['4']);
  });

  it('no fall where ICL stays, and no fourth moment where CIWL stays low', () => {
    const flip = every100([0.5, 0.46, 0.6, 0.9, 0.95, 0.94, 0.95, 0.96, 0.95, 0.95]);
    const ciwl = every100([0.5, 0.5, 0.55, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]);
    const moments = findMoments({ flip, ciwl }, 0.95);
    expect(Object.keys(moments)).toEqual(['1', '2']);
    expect(moments[2]?.sequences).toBe(700);
  });

  it('nothing in curves that only wander around chance', () => {
    const flip = every100([0.51, 0.49, 0.52, 0.485, 0.53, 0.47, 0.51, 0.49, 0.52, 0.5]);
    expect(findMoments({ flip, ciwl: every100([0.5, 0.52]) }, 0.95)).toEqual({});
  });

  it('nothing in empty curves', () => {
    expect(findMoments({ flip: [], ciwl: [] }, 0.95)).toEqual({});
  });

  it('no rise where Flip starts above one half and only falls', () => {
    const flip = every100([0.6, 0.55, 0.4, 0.2, 0.1]);
    expect(findMoments({ flip, ciwl: [] }, 0.95)).toEqual({});
  });
});

describe('noise around one half', () => {
  it('is not taken for the rise: the last passage before the clear rise is', () => {
    const flip = every100([0.5, 0.46, 0.51, 0.47, 0.52, 0.48, 0.6, 0.7, 0.4, 0.2]);
    expect(findMoments({ flip, ciwl: [] }, 0.95)[1]?.sequences).toBeCloseTo(500 + 100 / 6, 6);
  });

  it('is not taken for the fall', () => {
    const flip = every100([0.5, 0.45, 0.7, 0.55, 0.49, 0.53, 0.49, 0.51, 0.3, 0.2]);
    expect(findMoments({ flip, ciwl: [] }, 0.95)[3]?.sequences).toBeCloseTo(700 + 100 / 21, 6);
  });

  it('counts for less in a larger set', () => {
    const small = every100([0.5, 0.48, 0.53, 0.53, 0.53]);
    const large = small.map((point) => ({ ...point, n: 100_000 }));
    expect(findMoments({ flip: small, ciwl: [] }, 0.95)[1]).toBeUndefined();
    expect(findMoments({ flip: large, ciwl: [] }, 0.95)[1]?.sequences).toBeCloseTo(140, 9);
  });
});

it('lives with missing evaluations and with a plateau', () => {
  const flip: Curve = [
    { sequences: 0, value: 0.5 },
    { sequences: 100, value: 0.45 },
    { sequences: 500, value: 0.65 },
    { sequences: 600, value: 0.65 },
    { sequences: 2000, value: 0.3 },
  ];
  const moments = findMoments({ flip, ciwl: [] }, 0.95);
  expect(moments[1]?.sequences).toBeCloseTo(200, 9);
  expect(moments[2]?.sequences).toBe(500);
  expect(moments[3]?.sequences).toBeCloseTo(1200, 9);
});

it('names each moment, the fourth with its level', () => {
  expect(momentDefinition(1, 0.9)).toBe('Flip first rises through .5');
  expect(momentDefinition(4, 0.9)).toBe('CIWL first reaches .90');
});
