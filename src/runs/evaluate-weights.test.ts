/** A sweep of interventions on one set of models gives what each gives alone, on one thread and on several. */
import { afterAll, expect, test } from 'vitest';
import { type Intervention, parseIntervention } from '../intervene/intervention.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { resolveData } from '../data/resolved-data.ts';
import { WeightsEvaluation } from './evaluate-weights.ts';
import { loadConfig } from './load-config.ts';
import { modelShape } from './model-shape.ts';
import { presetNamed } from './presets/index.ts';

const config = loadConfig({ preset: presetNamed('smoke') }, ['evaluate.sequencesPerEvaluator=40']);
const shape = modelShape(config, resolveData(config.data, config.data.source));
const weights = initialiseParameters(shape, 5);
const donors = new Map([['donor:0', initialiseParameters(shape, 6)]]);
const moment = { sequences: 0, step: 0 };
const sweep = [
  ['ablateHeads=0:1'],
  ['preserve=values,patterns', 'ablateEmbedding=token', 'inductionHeads=1:2@0.3'],
  ['headTemperature=1:2@0.5', 'labelsOnly=1:*'],
  ['clamp={"site":"norm","value":{"run":"donor","sequences":0},"mask":{"features":[0,1]}}'],
  ['outputFromHead=1:1'],
  [],
].map((lines) => lines.map(parseIntervention));
const evaluators = ['ciwl', 'flip'];

const open: WeightsEvaluation[] = [];
afterAll(() => Promise.all(open.map((evaluation) => evaluation.close())));

function alone(specs: readonly Intervention[]) {
  const evaluation = new WeightsEvaluation({
    config,
    interventions: { specs, trained: 0 },
    donors,
    evaluators,
  });
  return evaluation.evaluate(weights, moment);
}

test.each([1, 3])('on %i threads', { timeout: 60_000 }, async (threads) => {
  const evaluation = new WeightsEvaluation({ config, later: sweep, donors, evaluators });
  open.push(evaluation);
  await evaluation.startThreads(threads);
  for (const specs of [...sweep, ...sweep]) {
    evaluation.intervene(specs);
    expect(evaluation.evaluate(weights, moment)).toEqual(alone(specs));
  }
});

test('other grafts are another model', () => {
  const graft = parseIntervention('graftIn=0@donor:0');
  expect(() => new WeightsEvaluation({ config, later: [[graft]], donors })).toThrow(
    'interventions: other grafts are another model; build one for each',
  );
});
