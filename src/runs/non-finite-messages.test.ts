/** What stops a run whose numbers are no longer finite, word for word. */
import { expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { runSession } from './run-session.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { fakeEvaluation, fakeSession, FakeTrainer } from './testing.ts';

/** A session whose trainer does this to itself at the fourth step, after which a checkpoint is due. */
function sessionWith(breaking: (trainer: FakeTrainer) => number) {
  class Breaking extends FakeTrainer {
    override trainStep() {
      const { loss } = super.trainStep();
      return { loss: this.step === 4 ? breaking(this) : loss };
    }
  }
  const trainer = new Breaking(32);
  return fakeSession(new MemoryStorage(), {
    build: () => ({
      trainer,
      source: 'breaking',
      evaluate: (sequences, step) => fakeEvaluation(trainer, sequences, step),
    }),
  });
}

test.each<[what: string, breaking: (trainer: FakeTrainer) => number, message: string]>([
  [
    'the loss alone',
    () => Number.NaN,
    'step 4: the training loss is NaN; the run cannot go on from here ' +
      '(last good state: checkpoint-64.g1.safetensors); try a lower train.optimizer.rate in another --out',
  ],
  [
    'the loss and what it came from',
    (trainer) => {
      trainer.stateTensors().get('adam.m.w')?.data.fill(Infinity, 2);
      return Infinity;
    },
    'step 4: the training loss is Infinity; first in adam.m.w[2]; the run cannot go on from here ' +
      '(last good state: checkpoint-64.g1.safetensors); try a lower train.optimizer.rate in another --out',
  ],
  [
    'a weight, found where it would be saved',
    (trainer) => {
      trainer.stateTensors().get('w')?.data.fill(-Infinity, 1, 2);
      return 1;
    },
    'step 4: w[1] is -Infinity; the run cannot go on from here ' +
      '(last good state: checkpoint-64.g1.safetensors); try a lower train.optimizer.rate in another --out',
  ],
])('%s', async (_what, breaking, message) => {
  await expect(runSession(sessionWith(breaking).options)).rejects.toThrow(
    new LabError(message, exitCodes.crash),
  );
});
