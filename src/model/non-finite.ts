/** Finds what went wrong first when a number is no longer finite, so that the error can name it. */
import type { Numbers } from '../engine/kernels.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { Transformer } from './transformer.ts';

/** A value that is not finite, and where it stands. */
export interface NonFinite {
  readonly name: string;
  readonly index: number;
  readonly value: number;
}

/** The first element that is not finite, in the order of the tensors. */
export function firstNonFinite(
  tensors: Iterable<readonly [string, { readonly data: Numbers }]>,
): NonFinite | undefined {
  for (const [name, { data }] of tensors) {
    for (let index = 0; index < data.length; index++) {
      // x - x is 0 for finite x alone.
      if (data[index] - data[index] !== 0) return { name, index, value: data[index] };
    }
  }
  return undefined;
}

/**
 * The error for a loss or a gradient that is not finite: names the first tensor that holds such a value, in the order
 * input, weights, activations, gradients.
 * @param where what was being done, e.g. `train: step 3 (sequence 64)`
 */
export function nonFiniteError(model: Transformer, where: string, loss: number): LabError {
  const found = firstNonFinite(everything(model));
  return cannotGoOn(where, found ? elementText(found) : `the loss is ${loss}`);
}

/** The error for weights or optimizer state that are not finite after an update: names the first such tensor. */
export function nonFiniteStateError(
  tensors: Iterable<readonly [string, { readonly data: Numbers }]>,
  where: string,
): LabError {
  const found = firstNonFinite(tensors);
  if (!found) throw new Error('the optimizer wrote something that is not finite, and nothing is');
  return cannotGoOn(where, `after the update ${elementText(found)}`);
}

function elementText({ name, index, value }: NonFinite): string {
  return `${name} is ${value} at element ${index}`;
}

function cannotGoOn(where: string, what: string): LabError {
  return new LabError(
    `${where}: ${what}; a run cannot go on from there: start it again with a lower train.optimizer.rate in another --out`,
    exitCodes.crash,
  );
}

function* everything(model: Transformer): Generator<[string, { data: Numbers }]> {
  yield ['the input', { data: model.input.examples }];
  for (const { name, data } of model.parameters.list) yield [`weight ${name}`, { data }];
  yield ['activation embedding', { data: model.embedding.sum }];
  for (const [l, { attention, residual }] of model.blocks.entries()) {
    yield [`activation blocks.${l}.attention.pattern`, { data: attention.pattern }];
    yield [`activation blocks.${l}.residual`, { data: residual }];
  }
  if (model.norm) yield ['activation norm', { data: model.norm.out }];
  yield ['activation logits (their maximum)', { data: model.unembedding.maximum }];
  for (const { name, gradient } of model.namedGradients)
    yield [`the gradient of ${name}`, { data: gradient }];
}
