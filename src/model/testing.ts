/** What the tests of models share: small shapes, random weights and inputs, and a sink that keeps every gradient. */
import { CounterRandom } from '../engine/counter-random.ts';
import type { Numbers } from '../engine/kernels.ts';
import type { ModelShape } from './config.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { Parameter } from './parameter-set.ts';
import type { Transformer } from './transformer.ts';

const smallest: ModelShape = {
  depth: 2,
  dModel: 8,
  heads: 2,
  mlpRatio: 0,
  norm: true,
  position: 'learned',
  positionTime: 30,
  maxPositions: 6,
  initScale: 1,
  labels: 11,
  exampleDim: 5,
  contextPairs: 2,
};

/** One of every variant the model has, by what it shows. */
export const variants: Readonly<Record<string, ModelShape>> = {
  'attention only, learned positions': smallest,
  'one block': { ...smallest, depth: 1 },
  'MLP, sinusoidal positions, three blocks': { ...smallest, depth: 3, mlpRatio: 4, position: 'sinusoidal' },
  'rotary positions, one head': { ...smallest, position: 'rope', heads: 1 },
  'no norm': { ...smallest, norm: false },
  'no norm, MLP, rotary positions': { ...smallest, norm: false, mlpRatio: 2, position: 'rope' },
  'four pairs, odd width': {
    ...smallest,
    contextPairs: 4,
    dModel: 9,
    heads: 3,
    maxPositions: 9,
    mlpRatio: 1,
  },
  'one pair, labels in several tiles': { ...smallest, contextPairs: 1, labels: 150 },
};

/** A generator for a test. */
export function testRandom(seed: number): CounterRandom {
  const random = new CounterRandom(seed, 0);
  random.start(0);
  return random;
}

/** Weights that leave nothing at a special value: norms near 1, all else within +-scale. */
export function randomWeights(model: Transformer, seed: number, scale = 0.5): void {
  const random = testRandom(seed);
  for (const { name, data } of model.parameters.list) {
    const centre = name.includes('norm') && name.endsWith('.weight') ? 1 : 0;
    for (let i = 0; i < data.length; i++) data[i] = Math.fround(centre + scale * (2 * random.uniform() - 1));
  }
}

/** Random exemplars and labels, the correct label among them or not. */
export function randomInput(model: Transformer, seed: number): void {
  const random = testRandom(seed);
  const { examples, contextLabels, targets } = model.input;
  for (let i = 0; i < examples.length; i++) examples[i] = Math.fround(2 * random.uniform() - 1);
  for (let i = 0; i < contextLabels.length; i++) contextLabels[i] = random.below(model.shape.labels);
  for (let i = 0; i < targets.length; i++) targets[i] = random.below(model.shape.labels);
}

/** Keeps gradients whole, and counts how often each number was handed over. */
export class KeptGradients implements GradientSink {
  readonly gradients = new Map<string, Float64Array>();
  readonly handed = new Map<string, Uint8Array>();

  #range(parameter: Parameter, offset: number, length: number): Float64Array {
    if (!this.gradients.has(parameter.name)) {
      this.gradients.set(parameter.name, new Float64Array(parameter.size));
      this.handed.set(parameter.name, new Uint8Array(parameter.size));
    }
    const handed = this.handed.get(parameter.name)!;
    for (let i = offset; i < offset + length; i++) handed[i]++;
    return this.gradients.get(parameter.name)!.subarray(offset, offset + length);
  }

  take(parameter: Parameter, offset: number, gradient: Numbers, at: number, length: number): void {
    this.#range(parameter, offset, length).set(gradient.subarray(at, at + length));
  }

  takeZero(parameter: Parameter, offset: number, length: number): void {
    this.#range(parameter, offset, length).fill(0);
  }
}
