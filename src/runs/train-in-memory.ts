/**
 * Trains a run in memory on the schedule that `run-session.ts` keeps with a folder: the same records at the same moments,
 * nothing saved. Browser-safe. Yields wherever others may run, and decides nothing itself: whoever drives it stops it by
 * not going on.
 */
import type { AssembledRun } from './assemble.ts';
import type { RunConfig } from './config.ts';
import { type StoredRecord, storedEvaluation } from './records.ts';
import { endOf, isDue } from './schedule.ts';

export type TrainingMoment =
  /** A step was taken; its mean loss. */
  | { readonly kind: 'step'; readonly loss: number }
  /** An evaluation begins; a batch of it is done; it has ended. */
  | { readonly kind: 'evaluating' }
  | { readonly kind: 'evaluatedBatch' }
  | { readonly kind: 'evaluated' }
  /** What a run folder's metrics would have now. */
  | { readonly kind: 'record'; readonly record: StoredRecord };

/**
 * From the first step to the end of the run.
 * @throws {LabError} exit code 70 where a number is not finite (`Trainer.trainStep`, `Evaluator.evaluate`)
 */
export function* trainInMemory(
  { trainer, evaluator }: Pick<AssembledRun, 'trainer' | 'evaluator'>,
  config: RunConfig,
): Generator<TrainingMoment, void> {
  const { batchSize, trainSequences, recordEverySequences } = config.train;
  const end = endOf(trainSequences, batchSize);
  let [lossSum, lossCount] = [0, 0];
  for (;;) {
    const { sequencesSeen: sequences, step } = trainer;
    const isAtEnd = sequences >= end;
    const due = (every: number) => isDue(sequences, every, batchSize, -1);
    if (lossCount > 0 && due(recordEverySequences)) {
      yield { kind: 'record', record: { kind: 'train', sequences, step, loss: lossSum / lossCount } };
      [lossSum, lossCount] = [0, 0];
    }
    if (due(config.evaluate.everySequences) || isAtEnd) {
      yield { kind: 'evaluating' };
      for (const evaluation of evaluator.evaluate(sequences, step)) {
        if (evaluation)
          yield { kind: 'record', record: storedEvaluation(evaluation, config.evaluate.perSequence) };
        else yield { kind: 'evaluatedBatch' };
      }
      yield { kind: 'evaluated' };
    }
    if (isAtEnd) return;
    const { loss } = trainer.trainStep();
    lossSum += loss;
    lossCount++;
    yield { kind: 'step', loss };
  }
}
