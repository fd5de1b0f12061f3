import { describe, expect, it } from 'vitest';
import { ToyDescent } from './descent.ts';
import { numericGradient, tensorLosses } from './tensor-reference.ts';
import { checkedModel, racingModel, singleMechanismModel, type ToyModel } from './toy-model.ts';
import { drawStarts } from './toy-start.ts';

/** Three mechanisms, one of a single vector and one of four, two competitions, one clamped in part and one whole. */
const elaborate = checkedModel({
  vectors: [
    { name: 'p', dim: 3, clamped: 0 },
    { name: 'q', dim: 4, clamped: 2 },
    { name: 'r', dim: 2, clamped: 0 },
    { name: 's', dim: 1, clamped: 0 },
    { name: 't', dim: 3, clamped: 3 },
  ],
  mechanisms: [
    { vectors: ['p', 'q', 'r', 't'], offset: 0.2 },
    { vectors: ['s'], offset: 0 },
    { vectors: ['q', 's'], offset: 0.7 },
  ],
  competitions: [
    { vectors: ['p', 's'], strength: 0.3 },
    { vectors: ['q', 'r', 't'], strength: 0.05 },
  ],
});

const models: Readonly<Record<string, ToyModel>> = {
  racing: racingModel({ mu1: 0.1, mu2: 0.05, alpha: 0.1, dims: [3, 4, 5, 6] }),
  'racing, clamped': racingModel({
    mu1: 0,
    mu2: 0,
    alpha: 2,
    dims: [5, 3, 4, 2],
    clamp: { a: 2, c: Infinity },
  }),
  'vectors of one entry': racingModel({ mu1: 0.1, mu2: 0, alpha: 0.1, dims: [1, 1, 1, 1] }),
  'a single mechanism': singleMechanismModel([4, 3, 5], { b: 1 }),
  elaborate,
};

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

describe.each(Object.entries(models))('%s', (_, model) => {
  const starts = drawStarts(model, 3);
  const all = (descent: ToyDescent) => model.vectors.map((__, i) => descent.vector(i));

  it('has the losses and the gradients of its tensors, all along a run', () => {
    const descent = new ToyDescent(model, starts);
    for (let step = 0; step <= 60; step++) {
      descent.evaluate();
      if (step % 20 === 0) {
        const { loss, mechanisms, competitions } = tensorLosses(model, starts, all(descent));
        expect(descent.loss).toBeCloseTo(loss, 12);
        mechanisms.forEach((value, k) => expect(descent.mechanismLosses[k]).toBeCloseTo(value, 12));
        competitions.forEach((value, k) => expect(descent.competitionLosses[k]).toBeCloseTo(value, 12));
        const wanted = numericGradient(model, starts, all(descent)).map((gradient) => [...gradient]);
        const got = model.vectors.map((__, i) => [...descent.gradient(i)]);
        const scale = Math.max(1e-3, largest(wanted.flat()));
        const errors = wanted.flatMap((gradient, i) =>
          gradient.map((value, j) => (value - got[i][j]) / scale),
        );
        expect(largest(errors), `at step ${step}`).toBeLessThan(1e-7);
      }
      descent.step(0.05);
    }
  });

  it('goes where gradient descent on all entries goes', () => {
    const descent = new ToyDescent(model, starts);
    let vectors = starts.map(({ start }) => start.slice());
    for (let step = 0; step < 10; step++) {
      descent.evaluate();
      descent.step(0.05);
      const gradients = numericGradient(model, starts, vectors);
      vectors = vectors.map((vector, i) => vector.map((entry, j) => entry - 0.05 * gradients[i][j]));
    }
    const errors = all(descent).flatMap((vector, i) => [...vector].map((entry, j) => entry - vectors[i][j]));
    expect(largest(errors)).toBeLessThan(1e-8);
  });

  it('measures norm, cosine, distance and gradient as the entries have them', () => {
    const descent = new ToyDescent(model, starts);
    descent.evaluate();
    descent.step(0.05);
    descent.evaluate();
    const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    model.vectors.forEach((__, i) => {
      const [x, { target }] = [descent.vector(i), starts[i]];
      const dot = x.reduce((sum, value, j) => sum + value * target[j], 0);
      expect(descent.norm(i)).toBeCloseTo(norm(x), 12);
      expect(descent.cosine(i)).toBeCloseTo(dot / (norm(x) * norm(target)), 12);
      expect(descent.distance(i)).toBeCloseTo(norm(x.map((value, j) => value - target[j])), 12);
      expect(descent.gradientNorm(i)).toBeCloseTo(norm(descent.gradient(i)), 12);
    });
  });
});

it('is at its minimum, with nothing left to learn, where the paper says (claim T-07)', () => {
  const model = models.racing;
  const starts = drawStarts(model, 3).map(({ target }, i) => ({
    target,
    start: i === 0 ? new Float64Array(target.length) : target.slice(),
  }));
  const descent = new ToyDescent(racingModel({ mu1: 0.1, mu2: 0, alpha: 0.1, dims: [3, 4, 5, 6] }), starts);
  descent.evaluate();
  expect(descent.loss).toBeLessThan(1e-30);
  model.vectors.forEach((__, i) => expect(descent.gradientNorm(i)).toBeLessThan(1e-14));
});

it('keeps the digits of a loss that is nearly nothing', () => {
  const model = singleMechanismModel([4, 3, 5]);
  const starts = drawStarts(model, 3).map(({ target }) => ({
    target,
    start: target.map((x) => x * (1 + 1e-9)),
  }));
  const descent = new ToyDescent(model, starts);
  descent.evaluate();
  // The product is 3e-9 too long, and M = (3e-9)^2 times that of the untrained model.
  expect(descent.loss / (9e-18 * descent.untrainedLosses[0])).toBeCloseTo(1, 5);
});
