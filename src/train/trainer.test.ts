import { describe, expect, test } from 'vitest';
import { rampDim, rampSource } from '../data/testing.ts';
import { createReferenceKernels } from '../engine/reference.ts';
import { scheduleFactor } from './schedule.ts';
import { tinyShape, tinyTrainer } from './testing.ts';
import type { Trainer } from './trainer.ts';

const small = tinyShape({ depth: 2, dModel: 8, heads: 2 });

function build(train: object, shape = small, precision: 'float32' | 'float64' = 'float64'): Trainer {
  return tinyTrainer(train, shape, createReferenceKernels(precision));
}

function weightsOf(trainer: Trainer): Map<string, Float64Array> {
  return new Map(
    trainer.model.parameters.list.map(({ name, data: values }) => [name, Float64Array.from(values)]),
  );
}

describe('training', () => {
  test('lowers the loss, and counts steps and sequences', () => {
    const trainer = build({ optimizer: { kind: 'adam', rate: 3e-3 } });
    const losses = Array.from({ length: 150 }, () => trainer.trainStep().loss);
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(mean(losses.slice(-20))).toBeLessThan(0.8 * mean(losses.slice(0, 20)));
    expect([trainer.step, trainer.sequencesSeen]).toEqual([150, 900]);
  });

  test('the first Adam step moves every weight with a gradient by the rate, against its sign', () => {
    const trainer = build({ optimizer: { kind: 'adam', rate: 1e-3 } });
    const before = weightsOf(trainer).get('unembed.weight')!;
    trainer.trainStep();
    const after = weightsOf(trainer).get('unembed.weight')!;
    for (let i = 0; i < before.length; i++) expect(Math.abs(after[i] - before[i])).toBeCloseTo(1e-3, 6);
  });

  test('SGD moves along the gradient of the reported loss, both kinds of L2 included', () => {
    for (const l2 of [
      { kind: 'none' },
      { kind: 'squared', lambda: 0.05 },
      { kind: 'released', lambda: 0.05 },
    ]) {
      const rate = 1e-3;
      const settings = { optimizer: { kind: 'sgd', rate }, l2 };
      for (const name of [
        'unembed.weight',
        'labelEmbed.weight',
        'blocks.0.norm1.weight',
        'blocks.1.attention.qkv.weight',
      ]) {
        const nudged = (at: number, h: number) => {
          const trainer = build(settings);
          trainer.model.parameters.get(name).data[at] += h;
          return trainer;
        };
        for (const at of [0, 5]) {
          const slope = (nudged(at, 1e-5).trainStep().loss - nudged(at, -1e-5).trainStep().loss) / 2e-5;
          const trainer = build(settings);
          const before = trainer.model.parameters.get(name).data[at];
          trainer.trainStep();
          const moved = (before - trainer.model.parameters.get(name).data[at]) / rate;
          expect(moved, `${l2.kind} ${name}[${at}]`).toBeCloseTo(slope, 6);
        }
      }
    }
  });

  test('an all-zero tensor feels no released L2', () => {
    const trainer = build({ optimizer: { kind: 'sgd', rate: 1 }, l2: { kind: 'released', lambda: 0.1 } });
    expect(trainer.model.parameters.get('exampleEmbed.bias').data.every((value) => value === 0)).toBe(true);
    expect(Number.isFinite(trainer.trainStep().loss)).toBe(true);
    expect(trainer.model.parameters.get('exampleEmbed.bias').data.every(Number.isFinite)).toBe(true);
  });

  test.each([
    { optimizer: { kind: 'adam', rate: 3e-3 } },
    {
      optimizer: { kind: 'sgd', rate: 0.1 },
      schedule: { kind: 'warmupCosine', warmupSteps: 5, decaySteps: 20 },
    },
    { l2: { kind: 'released', lambda: 1e-3 }, schedule: { kind: 'warmupInverseSqrt', warmupSteps: 4 } },
  ])('a saved and loaded state goes on bit for bit: %j', (settings) => {
    const whole = build(settings, small, 'float32');
    for (let i = 0; i < 20; i++) whole.trainStep();
    const first = build(settings, small, 'float32');
    for (let i = 0; i < 11; i++) first.trainStep();
    const saved = new Map(
      [...first.stateTensors()].map(([name, { shape, data: values }]) => [
        name,
        { shape, data: values.slice() },
      ]),
    );
    const second = build(settings, small, 'float32');
    second.loadState(saved, 11);
    for (let i = 0; i < 9; i++) second.trainStep();
    expect([...second.stateTensors()]).toEqual([...whole.stateTensors()]);
  });

  test('a state of another run is refused whole', () => {
    const trainer = build({});
    const state = new Map(trainer.stateTensors());
    state.delete('adam.v.norm.bias');
    expect(() => trainer.loadState(state, 4)).toThrow('checkpoint: "adam.v.norm.bias" is missing');
    state.set('adam.v.norm.bias', { shape: [3], data: new Float64Array(3) });
    expect(() => trainer.loadState(state, 4)).toThrow(
      'checkpoint: "adam.v.norm.bias": expected 8 numbers; got 3',
    );
    state.set('adam.v.norm.bias', { shape: [8], data: new Float64Array(8) });
    state.set('extra', { shape: [1], data: new Float64Array(1) });
    expect(() => trainer.loadState(state, 4)).toThrow('"extra" is not part');
    expect(trainer.step).toBe(0);
  });
});

describe('a number that is not finite stops the step', () => {
  const message = (trainer: Trainer) => {
    try {
      trainer.trainStep();
    } catch (error) {
      return (error as Error).message;
    }
    return 'no error';
  };

  test.each([Number.NaN, Infinity, -Infinity])('naming step, tensor and kind: %s in a weight', (bad) => {
    const trainer = build({});
    trainer.trainStep();
    const before = trainer.step;
    trainer.model.parameters.get('blocks.1.attention.proj.weight').data[7] = bad;
    expect(message(trainer)).toContain(
      `train: step 2 (sequence 6): weight blocks.1.attention.proj.weight is ${bad} at element 7`,
    );
    expect(trainer.step).toBe(before);
  });

  test('naming the gradient, where everything before it is finite', () => {
    const trainer = build({});
    trainer.trainStep();
    const { model } = trainer;
    const backward = model.backward.bind(model);
    model.backward = (size) => {
      backward(size);
      model.namedGradients.find(({ name }) => name === 'blocks.0.norm1.weight')!.gradient[3] = Infinity;
    };
    const before = weightsOf(trainer);
    expect(message(trainer)).toContain(
      'train: step 2 (sequence 6): the gradient of blocks.0.norm1.weight is Infinity at element 3',
    );
    expect(weightsOf(trainer)).toEqual(before);
  });

  test('in the features', () => {
    const kernels = createReferenceKernels();
    const trainer = tinyTrainer({}, small, kernels, {
      ...rampSource(12),
      copyFeatures: (_c, _e, out, at) => out.fill(Number.NaN, at, at + rampDim),
    });
    expect(message(trainer)).toContain('train: step 1 (sequence 0): the input is NaN at element 0');
  });
});

test('schedules: warm-up, inverse square root, cosine; all positive, so that training descends', () => {
  const inverse = { kind: 'warmupInverseSqrt', warmupSteps: 4000 } as const;
  expect(scheduleFactor(inverse, 1000)).toBe(0.25);
  expect(scheduleFactor(inverse, 4000)).toBe(1);
  expect(scheduleFactor(inverse, 16_000)).toBe(0.5);
  const cosine = { kind: 'warmupCosine', warmupSteps: 10, decaySteps: 100, finalFraction: 0.1 } as const;
  expect(scheduleFactor(cosine, 5)).toBe(0.5);
  expect(scheduleFactor(cosine, 60)).toBeCloseTo(0.55, 12);
  expect(scheduleFactor(cosine, 110)).toBeCloseTo(0.1, 12);
  expect(scheduleFactor(cosine, 1e6)).toBeCloseTo(0.1, 12);
  expect(scheduleFactor({ kind: 'constant' }, 7)).toBe(1);
});
