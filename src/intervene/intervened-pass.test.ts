/** Every kind against the plain reimplementation, its gradients against central differences, and what must not change. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import type { ModelShape } from '../model/config.ts';
import { createPass } from './intervened-pass.ts';
import { planInterventions } from './plan.ts';
import { readSite } from '../model/read-site.ts';
import { siteTable } from '../model/sites.ts';
import { KeptGradients, variants } from '../model/testing.ts';
import { type Intervention, parseIntervention } from './intervention.ts';
import { frozenParameters } from './pass-models.ts';
import { plainIntervened } from './plain-interventions.ts';
import { plainLoss } from './plain-model.ts';
import { batchSize, intervened, sequencesOf, weightsOf } from './testing.ts';

const smallest = variants['attention only, learned positions'];
const { norm: _norm, ...rest } = smallest;
const shapes: Readonly<Record<string, ModelShape>> = {
  'two blocks': smallest,
  'MLP, three blocks': { ...smallest, depth: 3, mlpRatio: 2, position: 'sinusoidal' },
  'rotary, no norm': { ...rest, norm: false, position: 'rope' },
};

/** Settings that hold for any of the shapes, one line each; joined by a space where several are meant. */
const settings: readonly string[] = [
  'ablateHeads=0:1',
  'ablateHeads=0:*,1:0',
  'preserve=queries,keys ablateHeads=0:0,0:1',
  'preserve=values,patterns ablateEmbedding=token',
  'preserve=values ablateEmbedding=all',
  'inductionHeads=1:0@0.3',
  'previousTokenHeads=0:0@0.7',
  'previousTokenHeads=0:1@0.7,labels forbidPreviousToken=0:0,labels',
  'forbidPreviousToken=0:*',
  'headTemperature=1:0@0.25 ablateHeads=0:1',
  'headTemperature=1:1@2,0:0@0.5 forbidPreviousToken=1:0',
  'matchHeads=1:1@0',
  'matchHeads=1:1@0.5 preserve=patterns ablateHeads=0:0',
  'outputFromHead=1:1',
  'outputFromHead=0:0',
  'graftIn=0@donor:0',
  'graftOut=0@donor:0',
  'graftIn=0@donor:0 inductionHeads=1:0@0.3',
  'graftIn=0@donor:0 preserve=values',
  'graftOut=1@donor:0 ablateHeads=0:0',
  'clamp={"site":"blocks.0.attention.z","mask":{"heads":[1],"places":[1,4],"features":[0,2]},"value":0.3}',
  'clamp={"site":"blocks.*.attention.pattern","mask":{"heads":[0],"places":[2,4],"keys":[1]},"value":0.4}',
  'clamp={"site":"blocks.1.attention.scores","mask":{"keys":"labels"},"value":"clean"} ablateHeads=0:1',
  'clamp={"site":["blocks.0.attention.q","blocks.1.attention.k"],"mask":{"places":"query"},"value":{"run":"donor","sequences":0}}',
  'clamp={"site":"blocks.1.residual","mask":{"features":[1,3]},"value":"clean"} ablateHeads=0:0',
  'clamp={"site":"logits","mask":{"features":[0,5]},"value":0.5}',
  'clamp={"site":"logits","value":1}',
];
const labelsOnLast = (shape: ModelShape) =>
  `labelsOnly=${shape.depth - 1}:0 headTemperature=${shape.depth - 1}:0@0.5`;

const parsed = (lines: string): Intervention[] => lines.split(/ (?=\w+=)/).map(parseIntervention);

const cases = Object.entries(shapes).flatMap(([name, shape]) =>
  [...settings, labelsOnLast(shape)].map((lines) => [name, lines, shape] as const),
);

function gradientsOf({ pass, models }: ReturnType<typeof intervened>): ReadonlyMap<string, Float64Array> {
  const sink = new KeptGradients();
  pass.forward();
  pass.backward(batchSize);
  models.model.giveGradients(sink, batchSize);
  return sink.gradients;
}

function logitsOf({ pass, models }: ReturnType<typeof intervened>): number[][] {
  pass.forward();
  const { data } = readSite(models.model, 'logits', batchSize);
  const { labels } = models.model.shape;
  return Array.from({ length: batchSize }, (_, b) => [...data.subarray(b * labels, (b + 1) * labels)]);
}

describe.each(cases)('%s: %s', (_name, lines, shape) => {
  const specs = parsed(lines);
  const sequences = sequencesOf(shape, 3);
  const [weights, donor] = [weightsOf(shape, 1), weightsOf(shape, 7)];
  const plain = sequences.map((sequence) => plainIntervened(specs, weights, donor, shape, sequence));

  test('logits and loss are those of the plain reimplementation', () => {
    const own = intervened(shape, specs);
    const logits = logitsOf(own);
    for (const [b, row] of plain.entries())
      row.forEach((value, c) => expect(logits[b][c]).toBeCloseTo(value, 9));
    expect(own.models.model.unembedding.meanLoss(batchSize)).toBeCloseTo(plainLoss(plain, sequences), 10);
  });

  test('the fast engine gives them too', () => {
    const logits = logitsOf(intervened(shape, specs, { kernels: wasm() }));
    for (const [b, row] of plain.entries())
      row.forEach((value, c) =>
        expect(Math.abs(logits[b][c] - value)).toBeLessThan(2e-5 * Math.max(1, Math.abs(value))),
      );
  });

  test('every gradient equals central differences', { timeout: 60_000 }, () => {
    const own = intervened(shape, specs);
    const { models, pass, plan } = own;
    const gradients = gradientsOf(own);
    const frozen = new Set(frozenParameters(shape, plan.needs.grafts));
    const loss = () => {
      pass.forward();
      return models.model.unembedding.meanLoss(batchSize);
    };
    const h = 1e-5;
    for (const { name, data, size } of models.parameters.list) {
      if (frozen.has(name)) continue;
      const gradient = gradients.get(name)!;
      const scale = Math.max(1e-3, ...gradient.map(Math.abs));
      for (let i = 0; i < size; i += Math.max(1, Math.floor(size / 8))) {
        const kept = data[i];
        data[i] = kept + h;
        const up = loss();
        data[i] = kept - h;
        const down = loss();
        data[i] = kept;
        const error = Math.abs((up - down) / (2 * h) - gradient[i]);
        expect(error, `${name}[${i}]: ${gradient[i]} against ${(up - down) / (2 * h)}`).toBeLessThan(
          1e-6 * scale + 1e-9,
        );
      }
    }
  });
});

const module = new WebAssembly.Module(readFileSync(new URL('../../build/kernels.wasm', import.meta.url)));
function wasm() {
  return createWasmKernels(module);
}

/** Bits of the logits, the loss and all activations of a model on the fast engine. */
function bits(shape: ModelShape, specs: readonly Intervention[]): string {
  const own = intervened(shape, specs, { kernels: wasm() });
  const logits = logitsOf(own);
  const sites = siteTable(shape)
    .filter(({ block }) => block !== shape.depth - 1)
    .filter(({ name }) => name !== 'norm')
    .map(({ name }) => [...readSite(own.models.model, name, batchSize).data]);
  return JSON.stringify([logits, own.models.model.unembedding.meanLoss(batchSize), sites]);
}

describe.each(Object.entries(shapes))('%s: what must change nothing, bit for bit', (_name, shape) => {
  const clean = bits(shape, []);
  const everySite = siteTable(shape).filter(({ name }) => name !== 'logits');

  test.each(everySite.map(({ name }) => name))('%s clamped to what it is', (site) => {
    expect(bits(shape, [{ kind: 'clamp', site, mask: {}, value: 'clean' }])).toBe(clean);
  });

  test.each([
    'preserve=queries,keys',
    'preserve=patterns',
    'preserve=values,patterns',
    'headTemperature=0:0@1,1:0@1',
  ])('%s', (line) => expect(bits(shape, parsed(line))).toBe(clean));

  test('all of it at once', () => {
    const specs = parsed('preserve=values,patterns');
    const sites = everySite
      .map(({ name }) => name)
      .filter((name) => /\.residualMid$|^embedding\.token$/.test(name));
    const clamped: Intervention = {
      kind: 'clamp',
      site: sites,
      mask: { features: [0, 1, 2] },
      value: 'clean',
    };
    expect(bits(shape, [...specs, clamped])).toBe(clean);
  });

  test('what is preserved stays, whatever comes before it', () => {
    const specs = parsed('preserve=queries,keys,values ablateEmbedding=token');
    const { models, pass } = intervened(shape, specs, { kernels: wasm() });
    pass.forward();
    const reference = intervened(shape, [], { kernels: wasm() });
    reference.pass.forward();
    for (const [l, { attention }] of models.model.blocks.entries()) {
      expect(attention.qkv).toEqual(reference.models.model.blocks[l].attention.qkv);
      expect(attention.residual).not.toEqual(reference.models.model.blocks[l].attention.residual);
    }
  });
});

describe.each(Object.entries(shapes))('%s: ablateHeads on all heads', (_name, shape) => {
  test('makes the attention output exactly zero', () => {
    const heads = Array.from({ length: shape.depth }, (_, block) => `${block}:*`);
    const { pass, models } = intervened(shape, [{ kind: 'ablateHeads', heads }], { kernels: wasm() });
    pass.forward();
    for (const { attention } of models.model.blocks) {
      const computed = attention.out.subarray(0);
      expect(computed.every((value) => Object.is(Math.abs(value), 0))).toBe(true);
    }
  });
});

test('a claim elsewhere in the last block switches it to all places', () => {
  const specs = parsed('forbidPreviousToken=1:*,labels');
  const { pass, models, plan } = intervened(smallest, specs);
  expect(plan.needs.allPlaces).toBe(true);
  pass.forward();
  const { data, sizes } = readSite(models.model, 'blocks.1.attention.pattern', 1);
  const tokens = sizes[3];
  expect([data[tokens], data[tokens + 1]].map((x) => Number(x.toFixed(12)))).toEqual([0, 1]);
  const clean = intervened(smallest, []);
  expect(logitsOf({ pass, models, plan })).toEqual(logitsOf(clean));
});

test('the same models take other interventions, and none, without a trace', () => {
  const { models, plan, pass } = intervened(smallest, parsed('preserve=values ablateEmbedding=token'));
  const first = logitsOf({ models, plan, pass });
  const free = planInterventions(smallest, []);
  expect(logitsOf({ models, plan: free, pass: createPass(models, free) })).toEqual(
    logitsOf(intervened(smallest, [])),
  );
  expect(logitsOf({ models, plan, pass: createPass(models, plan) })).toEqual(first);
});

test('a function of the batch, and the reference engine in float32 agree with a constant', () => {
  const kernels = createReferenceKernels('float32');
  const site = 'blocks.0.attention.out';
  const made = intervened(
    smallest,
    [
      {
        kind: 'clamp',
        site,
        mask: { places: 'labels' },
        value: ({ size }) => new Float64Array(size * 5 * 8).fill(0.25),
      },
    ],
    { kernels },
  );
  const written = intervened(smallest, [{ kind: 'clamp', site, mask: { places: 'labels' }, value: 0.25 }], {
    kernels: createReferenceKernels('float32'),
  });
  expect(logitsOf(made)).toEqual(logitsOf(written));
});

test('without interventions the pass is the model itself, and nothing beside it is built', () => {
  const { models, pass } = intervened(smallest, []);
  expect(pass).toBe(models.model);
  expect(models).toMatchObject({ clean: undefined, donors: new Map() });
});
