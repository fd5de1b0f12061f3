/** Whether peers compute the same thing: only then is it worth a look who is faster. */
import { exitCodes, LabError } from '../../src/errors/lab-error.ts';

/** Largest difference of one loss in nats: 20 steps in float32, sums in another order. */
export const lossTolerance = 1e-4;

/**
 * The largest difference between a peer's losses and ours.
 * @throws {LabError} exit code 1 where it is above the tolerance
 */
export function lossDifference(name: string, losses: readonly number[], ours: readonly number[]): number {
  const differences = Array.from({ length: Math.max(losses.length, ours.length) }, (_, step) =>
    Math.abs((losses[step] ?? Number.NaN) - (ours[step] ?? Number.NaN)),
  );
  const step = differences.findIndex((difference) => !(difference <= lossTolerance));
  if (step >= 0) {
    throw new LabError(
      `bench/peers: ${name}: loss of step ${step + 1}: got ${losses[step] ?? 'none'}, expected ${ours[step] ?? 'none'} within ${lossTolerance}; ` +
        'it does not train the same model, so nothing was timed; correct it first',
      exitCodes.checkFailed,
    );
  }
  return Math.max(...differences);
}
