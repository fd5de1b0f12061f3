/** What the tests of interventions share: small models with random weights, and one batch that suits every kind. */
import { createReferenceKernels } from '../engine/reference.ts';
import type { Kernels } from '../engine/kernels.ts';
import type { ModelShape } from '../model/config.ts';
import { randomWeights, testRandom } from '../model/testing.ts';
import { Transformer } from '../model/transformer.ts';
import { createPass, type Pass } from './intervened-pass.ts';
import type { AnyIntervention } from './intervention.ts';
import { createPassModels, type PassModels } from './pass-models.ts';
import type { PlainSequence, Weights } from './plain-model.ts';
import { type InterventionPlan, planInterventions } from './plan.ts';

export const batchSize = 5;

/** Random weights; the same for the same seed. */
export function weightsOf(shape: ModelShape, seed: number): Map<string, Float64Array> {
  const model = new Transformer(shape, createReferenceKernels(), { batchSize: 1, training: false });
  randomWeights(model, seed);
  return new Map(model.parameters.list.map(({ name, data }) => [name, Float64Array.from(data)]));
}

export function sequencesOf(shape: ModelShape, seed: number, size = batchSize): PlainSequence[] {
  const random = testRandom(seed);
  const { contextPairs, exampleDim, labels } = shape;
  return Array.from({ length: size }, () => {
    const first = random.below(labels);
    const contextLabels = Array.from({ length: contextPairs }, (_, pair) => (first + pair) % labels);
    return {
      examples: Array.from({ length: contextPairs + 1 }, () =>
        Array.from({ length: exampleDim }, () => Math.fround(2 * random.uniform() - 1)),
      ),
      contextLabels,
      target: contextLabels[random.below(contextPairs)],
    };
  });
}

export interface Intervened {
  readonly models: PassModels;
  readonly plan: InterventionPlan;
  readonly pass: Pass;
}

/** A model with interventions on a batch of sequences; all donors have the same weights. */
export function intervened(
  shape: ModelShape,
  specs: readonly AnyIntervention[],
  {
    kernels = createReferenceKernels(),
    weights = weightsOf(shape, 1),
    donor = weightsOf(shape, 7),
    sequences = sequencesOf(shape, 3),
    training = true,
  }: {
    kernels?: Kernels;
    weights?: Weights;
    donor?: Weights;
    sequences?: readonly PlainSequence[];
    training?: boolean;
  } = {},
): Intervened {
  const plan = planInterventions(shape, specs);
  const models = createPassModels(kernels, shape, plan.needs, {
    batchSize: sequences.length,
    training,
    extraLogits: training ? 0 : shape.contextPairs,
  });
  models.parameters.load(weights);
  for (const { parameters } of models.donors.values()) parameters.load(donor);
  fill(models.model, sequences);
  return { models, plan, pass: createPass(models, plan) };
}

export function fill(
  { input, layout: { lanes }, shape }: Transformer,
  sequences: readonly PlainSequence[],
): void {
  input.size = sequences.length;
  for (const [lane, { examples, contextLabels, target }] of sequences.entries()) {
    for (const [place, example] of examples.entries())
      input.examples.set(example, (place * lanes + lane) * shape.exampleDim);
    for (const [pair, label] of contextLabels.entries()) input.contextLabels[pair * lanes + lane] = label;
    input.targets[lane] = target;
  }
}
