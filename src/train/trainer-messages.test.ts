/** What stops training, and what a state that is not this run's is told, word for word. */
import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { tinyTrainer } from './testing.ts';

describe('a number that is not finite', () => {
  test('in a weight', () => {
    const trainer = tinyTrainer();
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
    const trainer = tinyTrainer();
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
    const trainer = tinyTrainer({ l2: { kind: 'squared', lambda: 1e308 } });
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
    const trainer = tinyTrainer();
    const state: State = new Map(trainer.stateTensors());
    change(state);
    expect(() => trainer.loadState(state, 1)).toThrow(new LabError(message, exitCodes.badData));
  });
});
