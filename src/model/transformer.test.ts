import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import type { ModelShape } from './config.ts';
import { parameterCount, parameterSpecs } from './parameters.ts';
import { readSite } from './read-site.ts';
import { siteSizes, siteTable } from './sites.ts';
import { KeptGradients, randomInput, randomWeights, variants } from './testing.ts';
import { Transformer } from './transformer.ts';

/** A model in float64 with random weights and input; the batch leaves padding lanes. */
function build(shape: ModelShape, options: { allPlaces?: boolean } = {}): Transformer {
  const model = new Transformer(shape, createReferenceKernels('float64'), { batchSize: 5, ...options });
  randomWeights(model, 1);
  randomInput(model, 2);
  return model;
}

function lossOf(model: Transformer): number {
  model.forward();
  return model.unembedding.meanLoss(5);
}

function gradientsOf(model: Transformer): KeptGradients {
  const sink = new KeptGradients();
  model.forward();
  model.backward(5);
  model.giveGradients(sink, 5);
  return sink;
}

describe.each(Object.entries(variants))('%s', (_name, shape) => {
  test('every gradient equals central differences', () => {
    const model = build(shape);
    const { gradients } = gradientsOf(model);
    const h = 1e-5;
    for (const { name, data } of model.parameters.list) {
      const gradient = gradients.get(name)!;
      const scale = Math.max(1e-3, ...gradient.map(Math.abs));
      for (let i = 0; i < data.length; i++) {
        const kept = data[i];
        data[i] = kept + h;
        const up = lossOf(model);
        data[i] = kept - h;
        const down = lossOf(model);
        data[i] = kept;
        const numeric = (up - down) / (2 * h);
        expect(
          Math.abs(numeric - gradient[i]),
          `${name}[${i}]: ${gradient[i]} against ${numeric}`,
        ).toBeLessThan(1e-6 * scale + 1e-9);
      }
    }
  });

  test('every number of every parameter gets its gradient exactly once', () => {
    const model = build(shape);
    const { handed } = gradientsOf(model);
    expect([...handed.keys()].sort()).toEqual(model.parameters.list.map(({ name }) => name).sort());
    for (const [name, counts] of handed)
      expect(
        counts.every((count) => count === 1),
        name,
      ).toBe(true);
  });

  test('computing the last block at the query only changes neither loss nor gradients', () => {
    const [fast, whole] = [build(shape), build(shape, { allPlaces: true })];
    expect(lossOf(fast)).toBe(lossOf(whole));
    const [a, b] = [gradientsOf(fast).gradients, gradientsOf(whole).gradients];
    for (const [name, gradient] of a) {
      gradient.forEach((value, i) => expect(value, `${name}[${i}]`).toBeCloseTo(b.get(name)![i], 12));
    }
  });

  test('a second backward pass gives the same gradients: no state is left over', () => {
    const model = build(shape);
    const [a, b] = [gradientsOf(model).gradients, gradientsOf(model).gradients];
    expect([...b]).toEqual([...a]);
  });

  test('every site of the table can be read, in its sizes, and is finite', () => {
    const model = build(shape, { allPlaces: true });
    model.forward();
    for (const site of siteTable(shape)) {
      const { sizes, data } = readSite(model, site.name);
      expect(sizes, site.name).toEqual(siteSizes(shape, site, 5));
      const bad = site.name.endsWith('scores')
        ? data.findIndex(Number.isNaN)
        : data.findIndex((x) => !Number.isFinite(x));
      expect(bad, site.name).toBe(-1);
      expect(
        data.some((x) => x !== 0),
        site.name,
      ).toBe(true);
    }
  });

  test('attention is causal and sums to 1', () => {
    const model = build(shape, { allPlaces: true });
    model.forward();
    const { data, sizes } = readSite(model, 'blocks.0.attention.pattern');
    const tokens = sizes[3];
    for (let row = 0; row < data.length / tokens; row++) {
      const weights = data.subarray(row * tokens, (row + 1) * tokens);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(weights.subarray((row % tokens) + 1).every((w) => w === 0)).toBe(true);
    }
  });
});

test('the loss is the mean cross-entropy of the logits at the query', () => {
  const model = build(variants['one pair, labels in several tiles'], { allPlaces: true });
  const loss = lossOf(model);
  const { data: logits } = readSite(model, 'logits');
  const { labels } = model.shape;
  let expected = 0;
  for (let b = 0; b < 5; b++) {
    const row = [...logits.subarray(b * labels, (b + 1) * labels)];
    expected += Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[model.input.targets[b]];
  }
  expect(loss).toBeCloseTo(expected / 5, 12);
});

test('a label of probability near 1 does not swallow the sum of the others, wherever it stands', async () => {
  const bytes = await readFile(new URL('../../build/kernels.wasm', import.meta.url));
  const shape: ModelShape = { ...variants['attention only, learned positions'], labels: 3000 };
  for (const target of [0, 63, 64, 1500, 2999]) {
    const model = new Transformer(shape, createWasmKernels(new WebAssembly.Module(bytes)), { batchSize: 1 });
    randomInput(model, 2);
    model.input.targets.fill(target);
    const bias = model.parameters.get('unembed.bias').data;
    bias[target] = 17;
    model.forward();
    const others = 2999 * Math.exp(-17);
    expect(model.unembedding.meanLoss(1) / Math.log1p(others), String(target)).toBeCloseTo(1, 1.2);
  }
});

test('parameter counts of the papers', () => {
  const paper: ModelShape = {
    depth: 2,
    dModel: 64,
    heads: 8,
    mlpRatio: 0,
    norm: true,
    position: 'learned',
    positionTime: 30,
    maxPositions: 32,
    initScale: 1,
    labels: 12_800,
    exampleDim: 512,
    contextPairs: 2,
  };
  const deep: ModelShape = { ...paper, depth: 12, mlpRatio: 4, position: 'sinusoidal', contextPairs: 8 };
  expect(parameterCount(paper)).toBe(1_719_232);
  expect(parameterCount(deep)).toBe(2_280_896);
  expect(parameterCount({ ...deep, labels: 1600 })).toBe(836_096);
  expect(new Set(parameterSpecs(deep).map(({ name }) => name)).size).toBe(parameterSpecs(deep).length);
});

test('a misspelt site is an error with the nearest name; a place that is not computed too', () => {
  const model = build(variants['attention only, learned positions']);
  expect(() => readSite(model, 'blocks.1.attention.scors')).toThrow(
    'site: unknown "blocks.1.attention.scors"; did you mean "blocks.1.attention.scores"? (iclab sites lists all 25)',
  );
  expect(() => readSite(model, 'blocks.1.residual')).toThrow(/at the query only/);
});

test('weights of another model are refused before anything changes', () => {
  const model = build(variants['attention only, learned positions']);
  const weights = new Map(model.parameters.list.map(({ name, data }) => [name, Float64Array.from(data)]));
  const before = model.parameters.get('norm.bias').data.slice();
  weights.get('norm.bias')!.fill(9);
  weights.set('unembed.bias', new Float64Array(3));
  expect(() => model.parameters.load(weights)).toThrow('weights: "unembed.bias": expected 11 numbers; got 3');
  weights.delete('unembed.bias');
  expect(() => model.parameters.load(weights)).toThrow('weights: "unembed.bias" is missing');
  expect(model.parameters.get('norm.bias').data).toEqual(before);
});
