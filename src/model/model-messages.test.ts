/** What is wrong with weights and sites, word for word. */
import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { ModelShape } from './config.ts';
import { ParameterSet } from './parameter-set.ts';
import { readSite } from './read-site.ts';
import { variants } from './testing.ts';
import { Transformer } from './transformer.ts';

const [shape]: ModelShape[] = Object.values(variants);
const kernels = createReferenceKernels();

describe('weights', () => {
  const own = () =>
    new Map(new ParameterSet(shape, kernels).list.map(({ name, data }) => [name, data] as const));

  test.each<[change: (weights: ReturnType<typeof own>) => unknown, message: string]>([
    [
      (weights) => weights.delete('norm.bias'),
      'weights: "norm.bias" is missing; is this another model\'s file?',
    ],
    [
      (weights) => weights.set('norm.bias', new Float64Array(7)),
      'weights: "norm.bias": expected 8 numbers; got 7',
    ],
    [(weights) => weights.set('extra', new Float64Array(1)), 'weights: "extra" is not part of this model'],
  ])('case %#', (change, message) => {
    const weights = own();
    change(weights);
    expect(() => new ParameterSet(shape, kernels).load(weights)).toThrow(
      new LabError(message, exitCodes.badData),
    );
  });
});

test('a site that the model does not compute at every place', () => {
  const model = new Transformer(shape, kernels, { batchSize: 8 });
  expect(() => readSite(model, 'blocks.1.residual')).toThrow(
    new LabError(
      'site: "blocks.1.residual" is computed at the query only in this model; build it with allPlaces to capture it',
      exitCodes.badInput,
    ),
  );
});

test('more tokens than the position table has rows', () => {
  expect(() => new Transformer({ ...shape, maxPositions: 4 }, kernels, { batchSize: 8 })).toThrow(
    new LabError(
      'model.maxPositions: must be at least the 5 tokens; got 4; raise it or take model.position=rope',
      exitCodes.badInput,
    ),
  );
});
