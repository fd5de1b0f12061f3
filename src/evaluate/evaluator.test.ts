import { expect, test } from 'vitest';
import { drawEvaluatorSets } from '../data/evaluator-sets.ts';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { resolveData } from '../data/resolved-data.ts';
import { dataConfigSchema } from '../data/config.ts';
import { createReferenceKernels } from '../engine/reference.ts';
import { modelConfigSchema } from '../model/config.ts';
import { loadLabels } from '../model/load-labels.ts';
import { ParameterSet } from '../model/parameter-set.ts';
import { readSite } from '../model/read-site.ts';
import { randomWeights, testRandom } from '../model/testing.ts';
import { Transformer } from '../model/transformer.ts';
import { fillFeatures } from '../data/features.ts';
import { Evaluator } from './evaluator.ts';
import type { Evaluation } from './evaluator.ts';
import { metricNames } from './metrics.ts';
import type { Metrics } from './metrics.ts';

const classes = 90;
const random = testRandom(4);
const features = Float64Array.from({ length: classes * 3 * 4 }, () => random.uniform());
const source: ExemplarSource = {
  description: 'random',
  classes,
  exemplars: 3,
  dim: 4,
  copyFeatures(classIndex, exemplar, out, at) {
    out.set(features.subarray((classIndex * 3 + exemplar) * 4, (classIndex * 3 + exemplar + 1) * 4), at);
  },
};

/** The definitions of docs/specification.md ("Evaluators"), from all logits of one sequence. */
function metricsByHand(logits: number[], context: number[], target: number): Metrics {
  const weights = logits.map(Math.exp);
  const total = weights.reduce((a, b) => a + b);
  const argmax = (candidates: number[]) =>
    candidates.reduce((best, c) => (logits[c] > logits[best] ? c : best));
  const all = [...logits.keys()];
  const inside = [...new Set(context)].sort((a, b) => a - b);
  const outside = all.filter((label) => !inside.includes(label));
  const share = (labels: number[]) =>
    labels.includes(target) ? weights[target] / labels.reduce((sum, label) => sum + weights[label], 0) : 0;
  return {
    loss: -Math.log(weights[target] / total),
    accuracy: argmax(all) === target ? 1 : 0,
    inContextAccuracy: argmax(inside) === target ? 1 : 0,
    inContextProb: share(inside),
    prob: weights[target] / total,
    contextProb: inside.reduce((sum, label) => sum + weights[label], 0) / total,
    outOfContextAccuracy: argmax(outside) === target ? 1 : 0,
    outOfContextProb: share(outside),
  };
}

function setup(contextPairs: number, sequencesPerEvaluator: number) {
  const data = resolveData(
    dataConfigSchema.parse({ source: { kind: 'synthetic', classes, exemplars: 3, dim: 8 }, contextPairs }),
    source,
  );
  const shape = {
    ...modelConfigSchema.parse({ depth: 1, dModel: 8, heads: 2 }),
    labels: data.labels,
    exampleDim: 4,
    contextPairs,
  };
  const kernels = createReferenceKernels();
  const parameters = new ParameterSet(shape, kernels);
  const model = new Transformer(shape, kernels, { batchSize: 1, training: false, parameters });
  randomWeights(model, 1, 1);
  const sets = drawEvaluatorSets(data, 6, sequencesPerEvaluator);
  const evaluator = new Evaluator({ kernels, shape, parameters, source, sets });
  const evaluations = [...evaluator.evaluate(640, 20)].filter((e): e is Evaluation => e !== undefined);
  return { model, sets, evaluator, evaluations };
}

test.each([2, 3, 8])(
  'every metric of every sequence is as docs/specification.md defines it, %i pairs',
  (contextPairs) => {
    const { model, sets, evaluations } = setup(contextPairs, 40);
    expect(evaluations.map(({ record }) => record.evaluator)).toEqual(
      sets.map(({ definition }) => definition.name),
    );
    let inContextHits = 0;
    for (const [e, { sequences }] of sets.entries()) {
      const { record, perSequence } = evaluations[e];
      expect(record).toMatchObject({ kind: 'evaluation', sequences: 640, step: 20, n: 40 });
      for (let s = 0; s < 40; s++) {
        fillFeatures(source, sequences, model.input.examples, {
          first: s,
          count: 1,
          lanes: model.layout.lanes,
        });
        loadLabels(model, sequences, s, 1);
        model.forward();
        const logits = [...readSite(model, 'logits').data];
        const at = s * (contextPairs + 1);
        const context = [...sequences.labels.subarray(at, at + contextPairs)];
        const expected = metricsByHand(logits, context, sequences.labels[at + contextPairs]);
        inContextHits += expected.inContextAccuracy;
        for (const name of metricNames) {
          expect(perSequence[name][s], `${record.evaluator} ${s} ${name}`).toBeCloseTo(expected[name], 10);
        }
      }
      for (const name of metricNames) {
        expect(record[name]).toBeCloseTo(perSequence[name].reduce((a, b) => a + b) / 40, 12);
      }
    }
    expect(inContextHits).toBeGreaterThan(20);
  },
);

test('a loss that is not finite is an error that names evaluator and tensor, not a result', () => {
  const { model, evaluator } = setup(2, 40);
  model.parameters.get('unembed.weight').data[9] = Number.NaN;
  expect(() => [...evaluator.evaluate(640, 20)]).toThrow(
    'evaluate: train after step 20 (sequence 640): weight unembed.weight is NaN at element 9',
  );
});

test('in-context metrics of IWL are 0 by construction, out-of-context ones of the others', () => {
  const { evaluations } = setup(2, 70);
  for (const { record } of evaluations) {
    if (record.evaluator === 'iwl') expect([record.inContextAccuracy, record.inContextProb]).toEqual([0, 0]);
    else expect([record.outOfContextAccuracy, record.outOfContextProb]).toEqual([0, 0]);
  }
});
