import { describe, expect, test } from 'vitest';
import { ExemplarNoise } from './exemplar-noise.ts';
import type { ExemplarSource } from './exemplar-source.ts';
import { fillFeatures } from './features.ts';
import { createSequenceBatch, type SequenceBatch } from './sequence-batch.ts';

const dim = 3;

/** Features that spell out which exemplar they are of. */
const spelling: ExemplarSource = {
  description: 'spelling',
  classes: 100,
  exemplars: 10,
  dim,
  copyFeatures(classIndex, exemplar, out, at) {
    for (let i = 0; i < dim; i++) out[at + i] = classIndex * 100 + exemplar * 10 + i;
  },
};

function batchOf(size: number): SequenceBatch {
  const batch = createSequenceBatch(size, 2);
  for (let cell = 0; cell < batch.classes.length; cell++) {
    batch.classes[cell] = (cell * 7) % 100;
    batch.exemplars[cell] = cell % 10;
  }
  return batch;
}

function expectSpelled(out: ArrayLike<number>, at: number, batch: SequenceBatch, cell: number): void {
  for (let i = 0; i < dim; i++)
    expect(out[at + i]).toBe(batch.classes[cell] * 100 + batch.exemplars[cell] * 10 + i);
}

describe('layout', () => {
  test.each([Float32Array, Float64Array])('row = place * lanes + sequence', (ArrayType) => {
    const batch = batchOf(4);
    const out = new ArrayType(3 * 4 * dim);
    fillFeatures(spelling, batch, out);
    for (let place = 0; place < 3; place++) {
      for (let sequence = 0; sequence < 4; sequence++) {
        expectSpelled(out, (place * 4 + sequence) * dim, batch, sequence * 3 + place);
      }
    }
  });

  test('a part of a batch, in more lanes than sequences, with zeros in the idle ones', () => {
    const batch = batchOf(10);
    const out = new Float32Array(3 * 4 * dim + 5).fill(-1);
    fillFeatures(spelling, batch, out, { first: 8, count: 2, lanes: 4 });
    for (let place = 0; place < 3; place++) {
      expectSpelled(out, place * 4 * dim, batch, 8 * 3 + place);
      expectSpelled(out, (place * 4 + 1) * dim, batch, 9 * 3 + place);
      const idle = [...out.subarray((place * 4 + 2) * dim, (place + 1) * 4 * dim)];
      expect(idle).toEqual(Array(2 * dim).fill(0));
    }
    expect([...out.subarray(3 * 4 * dim)]).toEqual([-1, -1, -1, -1, -1]);
  });

  test('the default is all from the first', () => {
    const batch = batchOf(5);
    const out = new Float32Array(3 * 2 * dim);
    fillFeatures(spelling, batch, out, { first: 3 });
    expectSpelled(out, 0, batch, 9);
    expectSpelled(out, dim, batch, 12);
  });

  test.each([
    [{ first: -1 }],
    [{ first: 5, count: 2 }],
    [{ count: -1 }],
    [{ count: 3, lanes: 2 }],
    [{ count: 2, lanes: 20 }],
  ])('%j does not fit and is refused', (options) => {
    const out = new Float32Array(3 * 6 * dim);
    expect(() => fillFeatures(spelling, batchOf(6), out, options)).toThrow(
      /^features: sequences .* do not fit/,
    );
  });
});

describe('exemplar noise', () => {
  const zeros: ExemplarSource = {
    ...spelling,
    dim: 200,
    copyFeatures: (_c, _e, out, at) => void out.fill(0, at, at + 200),
  };
  const noisy = (batch: SequenceBatch, sigma = 1, seed = 1, options = {}) => {
    const out = new Float64Array(3 * batch.size * 200);
    fillFeatures(zeros, batch, out, { noise: new ExemplarNoise(sigma, seed, 0), ...options });
    return out;
  };
  const moment = (values: Float64Array, power: number) => {
    return values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  };

  test('is standard normal times sigma', () => {
    const values = noisy(createSequenceBatch(100, 2));
    // 60,000 numbers: means of x, x^2, x^3 and x^4 within 4 standard errors of 0, 1, 0 and 3.
    const error = (variance: number) => 4 * Math.sqrt(variance / values.length);
    expect(Math.abs(moment(values, 1))).toBeLessThan(error(1));
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(error(2));
    expect(Math.abs(moment(values, 3))).toBeLessThan(error(15));
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(error(96));
    const half = noisy(createSequenceBatch(2, 2), 0.5);
    const whole = noisy(createSequenceBatch(2, 2), 1);
    half.forEach((value, i) => expect(value).toBeCloseTo(whole[i] / 2, 12));
  });

  test('is added to the features', () => {
    const batch = batchOf(2);
    const bare = new Float64Array(3 * 2 * dim);
    const added = new Float64Array(3 * 2 * dim);
    fillFeatures(spelling, batch, bare);
    fillFeatures(spelling, batch, added, { noise: new ExemplarNoise(1e-3, 5, 0) });
    added.forEach((value, i) => {
      expect(value).not.toBe(bare[i]);
      expect(Math.abs(value - bare[i])).toBeLessThan(0.01);
    });
  });

  test('is its own for every place of every sequence, and the same when looked up again', () => {
    const batch = createSequenceBatch(4, 2);
    const values = noisy(batch);
    expect(new Set(values).size).toBeGreaterThan(values.length * 0.999);
    expect(noisy(batch)).toEqual(values);
    expect(noisy(batch, 1, 2)).not.toEqual(values);
  });

  test('belongs to the number of the sequence, not to where it stands in a batch', () => {
    const large = createSequenceBatch(6, 2);
    large.firstSequence = 10;
    const small = createSequenceBatch(1, 2);
    small.firstSequence = 13;
    const inLarge = noisy(large);
    const alone = noisy(small);
    for (let place = 0; place < 3; place++) {
      const lane = (place * 6 + 3) * 200;
      expect(inLarge.subarray(lane, lane + 200)).toEqual(alone.subarray(place * 200, (place + 1) * 200));
    }
  });

  test('does not depend on the engine: first numbers of seed 1', () => {
    expect([...noisy(createSequenceBatch(1, 2)).subarray(0, 3)]).toMatchInlineSnapshot(`
      [
        -1.86829005265055,
        0.12811466050238332,
        -2.2752470406424012,
      ]
    `);
  });
});
