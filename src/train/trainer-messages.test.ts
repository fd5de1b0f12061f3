/** What stops training, and what a state that is not this run's is told, word for word. */
import { describe, expect, test } from 'vitest';
import { dataConfigSchema } from '../data/config.ts';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { resolveData } from '../data/resolved-data.ts';
import { createTrainingSampler } from '../data/training-data.ts';
import { createReferenceKernels } from '../engine/reference.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { modelConfigSchema } from '../model/config.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { trainConfigSchema } from './config.ts';
import { Trainer } from './trainer.ts';

const source: ExemplarSource = {
  description: 'ramps',
  classes: 12,
  exemplars: 3,
  dim: 4,
  copyFeatures(classIndex, exemplar, out, at) {
    for (let i = 0; i < 4; i++) out[at + i] = ((classIndex * 7 + i * 3 + exemplar) % 11) / 11;
  },
};

function build(train: object = {}): Trainer {
  const data = resolveData(
    dataConfigSchema.parse({ source: { kind: 'synthetic', classes: 12, exemplars: 3, dim: 8 } }),
    source,
  );
  const shape = {
    ...modelConfigSchema.parse({ depth: 1, dModel: 8, heads: 2 }),
    labels: data.labels,
    exampleDim: 4,
    contextPairs: 2,
  };
  return new Trainer({
    kernels: createReferenceKernels('float64'),
    shape,
    config: trainConfigSchema.parse({ batchSize: 6, ...train }),
    source,
    sampler: createTrainingSampler(data, 3),
    weights: initialiseParameters(shape, 5),
  });
}

describe('a number that is not finite', () => {
  test('in a weight', () => {
    const trainer = build();
    trainer.model.parameters.get('norm.bias').data[3] = Number.NaN;
    expect(() => trainer.trainStep()).toThrow(
      new LabError(
        'train: step 1 (sequence 0): weight norm.bias is NaN at element 3; a run cannot go on from there: ' +
          'start it again with a lower train.optimizer.rate in another --out',
        exitCodes.crash,
      ),
    );
  });

  test("in the optimizer's state", () => {
    const trainer = build();
    trainer.stateTensors().get('adam.v.norm.bias')?.data.fill(Infinity, 2, 3);
    expect(() => trainer.trainStep()).toThrow(
      new LabError(
        'train: step 1 (sequence 0): after the update adam.v.norm.bias is Infinity at element 2; a run cannot go on ' +
          'from there: start it again with a lower train.optimizer.rate in another --out',
        exitCodes.crash,
      ),
    );
  });

  test('in the loss alone', () => {
    const trainer = build({ l2: { kind: 'squared', lambda: 1e308 } });
    expect(() => trainer.trainStep()).toThrow(
      new LabError(
        'train: step 1 (sequence 0): the loss is Infinity; a run cannot go on from there: ' +
          'start it again with a lower train.optimizer.rate in another --out',
        exitCodes.crash,
      ),
    );
  });
});

describe('a state', () => {
  type State = Map<string, { readonly data: ArrayLike<number> }>;

  test.each<[change: (state: State) => unknown, message: string]>([
    [
      (state) => state.delete('adam.m.norm.bias'),
      'checkpoint: "adam.m.norm.bias" is missing; was it saved by another config?',
    ],
    [(state) => state.set('norm.bias', { data: [1] }), 'checkpoint: "norm.bias": expected 8 numbers; got 1'],
    [(state) => state.set('extra', { data: [1] }), 'checkpoint: "extra" is not part of this run\'s state'],
  ])('case %#', (change, message) => {
    const trainer = build();
    const state: State = new Map(trainer.stateTensors());
    change(state);
    expect(() => trainer.loadState(state, 1)).toThrow(new LabError(message, exitCodes.badData));
  });
});
