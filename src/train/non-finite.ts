/** Finds what went wrong first when a loss or gradient is no longer a number, so that the error can name it. */
import type { Numbers } from '../engine/kernels.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { Transformer } from '../model/transformer.ts';

/** `NaN at 12` or `Infinity at 3`, or undefined where everything from `from` on is finite. */
export function firstNonFinite(x: Numbers): string | undefined {
  const at = x.findIndex((value: number) => !Number.isFinite(value));
  return at < 0 ? undefined : `${x[at]} at ${at}`;
}

/**
 * The error for a step whose loss or gradient norm is not finite: names the first tensor, in the order of the forward
 * pass, that holds a non-finite value.
 * @param step the step that failed, counted from 1
 */
export function nonFiniteError(model: Transformer, step: number, loss: number): LabError {
  const where = culprit(model) ?? (Number.isFinite(loss) ? 'the gradient' : 'the loss');
  return new LabError(
    `train: step ${step} (sequence ${(step - 1) * model.batchSize}): ${where} is not finite (loss ${loss}); ` +
      'lower train.optimizer.rate, or resume from the last checkpoint with other data',
    exitCodes.crash,
  );
}

function culprit(model: Transformer): string | undefined {
  const named: [string, Numbers][] = [
    ['input examples', model.input.examples],
    ...model.parameters.list.map(({ name, data }): [string, Numbers] => [`weights ${name}`, data]),
    ['activation embedding', model.embedding.sum],
    ...model.blocks.flatMap((block, l): [string, Numbers][] => [
      [`activation blocks.${l}.attention.pattern`, block.attention.pattern],
      [`activation blocks.${l}.residual`, block.residual],
    ]),
  ];
  for (const [name, array] of named) {
    const found = firstNonFinite(array);
    if (found) return `${name} (${found})`;
  }
  return undefined;
}
