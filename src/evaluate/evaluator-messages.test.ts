/** What stops an evaluation, word for word. */
import { expect, test } from 'vitest';
import { drawEvaluatorSets } from '../data/evaluator-sets.ts';
import { rampData, rampDim, rampSource } from '../data/testing.ts';
import { createReferenceKernels } from '../engine/reference.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { modelConfigSchema } from '../model/config.ts';
import { ParameterSet } from '../model/parameter-set.ts';
import { randomWeights } from '../model/testing.ts';
import { Transformer } from '../model/transformer.ts';
import { Evaluator } from './evaluator.ts';

const source = rampSource(90);

function setup() {
  const data = rampData(source);
  const shape = {
    ...modelConfigSchema.parse({ depth: 1, dModel: 8, heads: 2 }),
    labels: data.labels,
    exampleDim: rampDim,
    contextPairs: 2,
  };
  const kernels = createReferenceKernels('float64');
  const parameters = new ParameterSet(shape, kernels);
  randomWeights(new Transformer(shape, kernels, { batchSize: 1, parameters }), 1);
  const sets = drawEvaluatorSets(data, 6, 64);
  return { parameters, evaluator: new Evaluator({ kernels, shape, parameters, source, sets }) };
}

test('a weight that is not finite', () => {
  const { parameters, evaluator } = setup();
  parameters.get('norm.bias').data[3] = Infinity;
  expect(() => [...evaluator.evaluate(640, 20)]).toThrow(
    new LabError(
      'evaluate: train after step 20 (sequence 640): weight norm.bias is Infinity at element 3; ' +
        'a run cannot go on from there: start it again with a lower train.optimizer.rate in another --out',
      exitCodes.crash,
    ),
  );
});

test('a loss that is not finite where all else is', () => {
  const { parameters, evaluator } = setup();
  // Every sequence ends in ones, and the first label's logit is below all numbers.
  parameters.get('norm.weight').data.fill(0);
  parameters.get('norm.bias').data.fill(1);
  const labels = parameters.get('unembed.weight');
  const [rows, columns] = labels.shape;
  const isLabelFirst = rows === 90;
  for (let i = 0; i < 8; i++) labels.data[isLabelFirst ? i : i * columns] = -1e308;
  expect(() => [...evaluator.evaluate(640, 20)]).toThrow(
    new LabError(
      'evaluate: icl after step 20 (sequence 640): the loss is Infinity; a run cannot go on from there: ' +
        'start it again with a lower train.optimizer.rate in another --out',
      exitCodes.crash,
    ),
  );
});
