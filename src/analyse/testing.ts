/**
 * What the tests of analyses share: a small probe with random weights on either engine, and attention computed once more
 * the plain way, one sequence at a time, from the formulas of docs/specification.md.
 */
import { drawEvaluatorSets } from '../data/evaluator-sets.ts';
import { rampData, rampSource } from '../data/testing.ts';
import type { SequenceBatch } from '../data/sequence-batch.ts';
import type { Kernels } from '../engine/kernels.ts';
import type { ModelShape } from '../model/config.ts';
import { randomWeights, variants } from '../model/testing.ts';
import { Probe } from './probe.ts';

const source = rampSource(30);

/** @param changes to a model of two blocks of two heads on 30 classes of ramps */
export function testProbe(
  kernels: Kernels,
  changes: Partial<ModelShape> = {},
  sequencesPerEvaluator = 70,
): Probe {
  const data = { ...rampData(source), contextPairs: changes.contextPairs ?? 2 };
  const shape = {
    ...variants['attention only, learned positions'],
    labels: data.labels,
    exampleDim: source.dim,
    maxPositions: 32,
    ...changes,
  };
  const sets = drawEvaluatorSets(data, 1, sequencesPerEvaluator);
  const probe = new Probe({ kernels, shape, source, sets });
  randomWeights(probe.model, 3, 1);
  return probe;
}

/** Runs an analysis to its end. */
export function finish<Table>(steps: Generator<undefined, Table, void>): Table {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

type Vector = readonly number[];

/** Attention of one sequence, `[block][head][query][key]`, in a model of attention with norms and learned positions. */
export function plainPatterns(probe: Probe, batch: SequenceBatch, sequence: number): number[][][][] {
  const { depth, dModel, heads, contextPairs } = probe.shape;
  const headDim = dModel / heads;
  const weight = (name: string) => probe.model.parameters.get(name).data;
  const row = (name: string, index: number): Vector =>
    Array.from(weight(name).subarray(index * dModel, (index + 1) * dModel));
  const add = (a: Vector, b: Vector) => a.map((value, i) => value + b[i]);
  const apply = (name: string, rows: number, from: number, x: Vector) =>
    Array.from({ length: rows }, (_, r) =>
      x.reduce((sum, value, i) => sum + value * weight(name)[(from + r) * x.length + i], 0),
    );
  const norm = (name: string, x: Vector) => {
    const mean = x.reduce((sum, value) => sum + value, 0) / dModel;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / dModel;
    const scaled = x.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
    return scaled.map((value, i) => value * weight(`${name}.weight`)[i] + weight(`${name}.bias`)[i]);
  };
  const exemplar = (cell: number) => {
    const features = new Float64Array(source.dim);
    source.copyFeatures(batch.classes[cell], batch.exemplars[cell], features, 0);
    return add(
      apply('exampleEmbed.weight', dModel, 0, Array.from(features)),
      Array.from(weight('exampleEmbed.bias')),
    );
  };
  const first = sequence * (contextPairs + 1);
  let residual = Array.from({ length: 2 * contextPairs + 1 }, (_, token) => {
    const cell = first + Math.floor(token / 2);
    const own = token % 2 === 0 ? exemplar(cell) : row('labelEmbed.weight', batch.labels[cell]);
    return add(own, row('positionEmbed.weight', token));
  });
  return Array.from({ length: depth }, (_, block) => {
    const name = `blocks.${block}`;
    const inputs = residual.map((x) => norm(`${name}.norm1`, x));
    const qkv = inputs.map((x) => apply(`${name}.attention.qkv.weight`, 3 * dModel, 0, x));
    const part = (token: number, which: number, head: number) =>
      qkv[token].slice(which * dModel + head * headDim, which * dModel + (head + 1) * headDim);
    const pattern = Array.from({ length: heads }, (__, head) =>
      qkv.map((___, query) => {
        const scores = qkv.slice(0, query + 1).map((____, key) => {
          const [q, k] = [part(query, 0, head), part(key, 1, head)];
          return q.reduce((sum, value, i) => sum + value * k[i], 0) / Math.sqrt(headDim);
        });
        const weights = scores.map((score) => Math.exp(score - Math.max(...scores)));
        const total = weights.reduce((sum, value) => sum + value, 0);
        return qkv.map((____, key) => (key <= query ? weights[key] / total : 0));
      }),
    );
    residual = residual.map((x, query) => {
      const z = Array.from({ length: dModel }, (__, i) => {
        const [head, at] = [Math.floor(i / headDim), i % headDim];
        return pattern[head][query].reduce((sum, share, key) => sum + share * part(key, 2, head)[at], 0);
      });
      return add(x, apply(`${name}.attention.proj.weight`, dModel, 0, z));
    });
    return pattern;
  });
}
