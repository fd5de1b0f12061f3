/** Learning under interventions: every thread, restart and record of it, and halves that stay as they are. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rampData, rampSource } from '../data/testing.ts';
import { createTrainingSampler } from '../data/training-data.ts';
import { createReferenceKernels } from '../engine/reference.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import { LabError } from '../errors/lab-error.ts';
import { donorKey, type DonorWeights } from '../intervene/donor.ts';
import { type Intervention, parseIntervention } from '../intervene/intervention.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { trainConfigSchema } from './config.ts';
import { tinyShape } from './testing.ts';
import { Trainer } from './trainer.ts';

const shape = tinyShape({ depth: 2, dModel: 8, heads: 2 });
const module = new WebAssembly.Module(readFileSync(new URL('../../build/kernels.wasm', import.meta.url)));
const source = rampSource(12);
const donor = initialiseParameters(shape, 99);
const donors = new Map([[donorKey({ run: 'donor', sequences: 0 }), donor]]);

function trainer(
  lines: readonly string[],
  { train = {}, kernels = createWasmKernels(module) } = {},
): Trainer {
  const interventions: Intervention[] = lines.map(parseIntervention);
  return new Trainer({
    kernels,
    shape,
    config: trainConfigSchema.parse({
      batchSize: 6,
      optimizer: { kind: 'adam', rate: 0.01 },
      ...train,
      ...(interventions.length > 0 ? { interventions } : {}),
    }),
    source,
    sampler: createTrainingSampler(rampData(source), 3),
    weights: initialiseParameters(shape, 5),
    donors,
  });
}

const steps = (own: Trainer, count: number) => Array.from({ length: count }, () => own.trainStep().loss);
const stateOf = (own: Trainer) =>
  new Map([...own.stateTensors()].map(([name, { data }]) => [name, Float32Array.from(data)]));

const sets = [
  ['forbidPreviousToken=0:*,labels'],
  ['ablateHeads=0:0', 'inductionHeads=1:0@0.9'],
  ['preserve=values,keys', 'ablateEmbedding=token'],
  ['headTemperature=1:0@0.5', 'labelsOnly=1:0'],
  ['graftOut=0@donor:0'],
  ['graftIn=0@donor:0', 'ablateHeads=1:1'],
  ['clamp={"site":"blocks.0.attention.z","mask":{"heads":[0]},"value":{"run":"donor","sequences":0}}'],
];

describe.each(sets.map((lines) => [lines.join(' '), lines] as const))('%s', (_name, lines) => {
  test('learns otherwise than without it', () => {
    expect(steps(trainer(lines), 8)).not.toEqual(steps(trainer([]), 8));
  });

  test('goes on from a saved state as if it had not stopped', () => {
    const through = trainer(lines);
    const losses = steps(through, 6);
    const first = trainer(lines);
    steps(first, 3);
    const saved = new Map(
      [...first.stateTensors()].map(([name, { data }]) => [name, { data: data.slice() }]),
    );
    const second = trainer(lines);
    second.loadState(saved, 3);
    expect(steps(second, 3)).toEqual(losses.slice(3));
    expect(stateOf(second)).toEqual(stateOf(through));
  });

  test('the reference engine learns the same', () => {
    const [fast, slow] = [
      trainer(lines),
      trainer(lines, { kernels: createReferenceKernels('float32') as ReturnType<typeof createWasmKernels> }),
    ].map((own) => steps(own, 10));
    for (const [i, loss] of fast.entries()) expect(loss).toBeCloseTo(slow[i], 4);
  });
});

describe('a graft', () => {
  const isOurs = {
    graftOut: /^(exampleEmbed|labelEmbed|positionEmbed|blocks\.0)\./,
    graftIn: /^(blocks\.1|norm|unembed)\./,
  };
  const l2 = [{ kind: 'none' }, { kind: 'squared', lambda: 0.01 }, { kind: 'released', lambda: 0.01 }];
  const optimizers = [
    { kind: 'adam', rate: 0.01 },
    { kind: 'sgd', rate: 0.1 },
  ];
  const cases = (['graftIn', 'graftOut'] as const).flatMap((kind) =>
    l2.flatMap((regularisation) =>
      optimizers.map(
        (optimizer) =>
          [kind, regularisation.kind, optimizer.kind, { l2: regularisation, optimizer }] as const,
      ),
    ),
  );

  test.each(cases)(
    "%s: the donor's half stays to the bit, the other half learns (L2 %s, %s)",
    (kind, _l2, _optimizer, train) => {
      const own = trainer([`${kind}=0@donor:0`], { train });
      const before = initialiseParameters(shape, 5);
      steps(own, 5);
      for (const { name, data } of own.model.parameters.list) {
        if (isOurs[kind].test(name)) expect(Float32Array.from(data), name).not.toEqual(before.get(name));
        else expect(Float32Array.from(data), name).toEqual(Float32Array.from(donor.get(name)!));
      }
    },
  );

  test.each(['graftIn', 'graftOut'] as const)(
    '%s: the optimizer keeps nothing of the half that stays',
    (kind) => {
      const names = [
        ...trainer([`${kind}=0@donor:0`])
          .stateTensors()
          .keys(),
      ];
      const moments = names.filter((name) => name.startsWith('adam.m.')).map((name) => name.slice(7));
      expect(moments).toEqual(names.filter((name) => isOurs[kind].test(name)));
      expect(moments.length).toBeGreaterThan(0);
    },
  );

  test('has the gradients of its own half that training all of it would have', () => {
    // One step of SGD from the same weights: the half that learns moves alike, whatever the other does.
    const train = { optimizer: { kind: 'sgd', rate: 0.1 } };
    const grafted = trainer(['graftOut=0@donor:0'], { train });
    const free = trainer([], { train });
    free.model.parameters.load(
      new Map(grafted.model.parameters.list.map(({ name, data }) => [name, data.slice()])),
    );
    steps(grafted, 1);
    steps(free, 1);
    const half = (own: Trainer) => own.model.parameters.list.filter(({ name }) => isOurs.graftOut.test(name));
    expect(half(grafted)).toEqual(half(free));
  });

  test('without its donor, or with one of another shape', () => {
    const make = (given: DonorWeights) =>
      new Trainer({
        kernels: createReferenceKernels(),
        shape,
        config: trainConfigSchema.parse({ interventions: [parseIntervention('graftIn=0@donor:0')] }),
        source,
        sampler: createTrainingSampler(rampData(source), 3),
        weights: initialiseParameters(shape, 5),
        donors: given,
      });
    expect(() => make(new Map())).toThrow(
      new LabError('"donor:0": an intervention needs the weights of this donor, and they were not given'),
    );
    const other = initialiseParameters({ ...shape, dModel: 16 }, 1);
    expect(() => make(new Map([['donor:0', other]]))).toThrow(
      new LabError('"donor:0": its exampleEmbed.weight does not fit this model; a donor has the same shape'),
    );
  });

  test('beside what needs a pass without it', () => {
    expect(() => trainer(['graftOut=0@donor:0', 'preserve=values'])).toThrow(
      new LabError(
        'interventions[0] (graftOut=0@donor:0): a clean pass has no graft, and these weights are nothing without ' +
          'theirs; leave out what needs a clean pass',
      ),
    );
  });
});
