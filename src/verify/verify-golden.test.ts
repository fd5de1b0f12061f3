import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors.ts';
import { type GoldenTrace, readGoldenFile } from './golden-file.ts';
import type { CreateGoldenSubject, GoldenSubject } from './golden-subject.ts';
import { type CheckedReport, verifyGolden } from './verify-golden.ts';

const bytesOf = (name: string) =>
  readFileSync(new URL(`../../test/golden/${name}.safetensors`, import.meta.url));

function traceOf(name: string): GoldenTrace {
  const file = readGoldenFile(bytesOf(name), name);
  if (file.kind !== 'trace') throw new Error(`${name} is not a trace`);
  return file;
}

/** A fake that knows the golden answers, with some of them replaced. Weights are known after 1, 5 and 20 steps only. */
function fake(trace: GoldenTrace, broken: Partial<GoldenSubject> = {}): CreateGoldenSubject {
  return ({ parameters }) => {
    let step = 0;
    return {
      engine: 'fake',
      forward: (_, sites) => ({
        queryLogits: trace.queryLogits ?? [],
        sites: new Map(sites.map((name) => [name, trace.sites.get(name) ?? []])),
      }),
      lossAndGradients: () => ({ loss: 0, gradients: trace.gradients }),
      trainStep: () => trace.losses?.[step++] ?? NaN,
      parameters: () => trace.weightsAfter.get(step) ?? parameters,
      ...broken,
    };
  };
}

const never: CreateGoldenSubject = () => {
  throw new Error('no model is needed');
};

function checked(bytes: Uint8Array, createSubject: CreateGoldenSubject): CheckedReport {
  return verifyGolden(bytes, 'f', createSubject);
}

const failing = (report: CheckedReport) =>
  report.groups.filter((group) => !group.ok).map((group) => group.group);

describe('verifyGolden of a trace', () => {
  const trace = traceOf('attention-only-learned');
  const bytes = bytesOf('attention-only-learned');

  it('passes a subject that gives the golden numbers, and compares all of them', () => {
    const report = checked(bytes, fake(trace));
    expect(report).toMatchObject({ ok: true, engine: 'fake', file: 'f' });
    expect(report.groups.map(({ group, tensors }) => [group, tensors])).toEqual([
      ['logits', 1],
      ['sites', 5],
      ['gradients', 16],
      ['losses', 1],
      ['weights after 1', 16],
      ['weights after 5', 16],
      ['weights after 20', 16],
    ]);
    expect(report.comparisons.every((comparison) => comparison.largestError === 0)).toBe(true);
  });

  it('gives the starting weights and every batch to the subject, in order', () => {
    const seen: unknown[] = [];
    checked(bytes, (options) => {
      expect(options).toMatchObject({ shape: trace.shape, batchSize: 8, rate: 1e-3 });
      expect(options.parameters.get('unembed.bias')).toEqual(trace.parameters.get('unembed.bias'));
      const inner = fake(trace)(options);
      return {
        ...inner,
        trainStep: (batch) => {
          seen.push(batch.labels);
          return inner.trainStep(batch);
        },
      };
    });
    expect(seen).toEqual(trace.batches.map((batch) => batch.labels));
  });

  it('fails the group that is wrong, naming tensor and index', () => {
    const wrong = Float64Array.from(trace.queryLogits ?? []);
    wrong[77] += 1e-3;
    const report = checked(
      bytes,
      fake(trace, { forward: () => ({ queryLogits: wrong, sites: trace.sites }) }),
    );
    expect(failing(report)).toEqual(['logits']);
    expect(report.groups[0].worst).toMatchObject({ tensor: 'queryLogits', index: 77 });
    expect(report.ok).toBe(false);
  });

  it('fails what the subject leaves out', () => {
    const noSites = checked(
      bytes,
      fake(trace, { forward: () => ({ queryLogits: trace.queryLogits ?? [], sites: new Map() }) }),
    );
    expect(failing(noSites)).toEqual(['sites']);
    const noGradients = checked(
      bytes,
      fake(trace, { lossAndGradients: () => ({ loss: 0, gradients: new Map() }) }),
    );
    expect(failing(noGradients)).toEqual(['gradients']);
  });

  it('fails a subject that does not learn', () => {
    const report = checked(
      bytes,
      fake(trace, { parameters: () => trace.parameters, trainStep: () => trace.losses?.[0] ?? 0 }),
    );
    expect(failing(report)).toEqual(['losses', 'weights after 1', 'weights after 5', 'weights after 20']);
    expect(report.groups[4].worst.largestError).toBeCloseTo(1, 6);
  });
});

describe('verifyGolden of other files', () => {
  const name = 'jax-init-seed5';

  it('checks draws and starting weights without a model', () => {
    const report = checked(bytesOf(name), never);
    expect(report.ok).toBe(true);
    expect(report.groups.map(({ group, tensors }) => [group, tensors])).toEqual([
      ['random integers', 3],
      ['random uniform', 1],
      ['random normal', 3],
      ['starting weights', 12],
    ]);
  });

  it('finds one wrong integer, one wrong weight, and a draw it does not know', () => {
    const withChange = (change: (tensors: Map<string, Tensor>) => void) => {
      const { tensors, metadata } = readSafetensors(Uint8Array.from(bytesOf(name)), name);
      change(tensors);
      return failing(checked(writeSafetensors(tensors, metadata), never));
    };
    expect(
      withChange((tensors) => {
        const bits = tensors.get('random.bits7')?.data;
        if (bits instanceof BigInt64Array) bits[6] += 1n;
      }),
    ).toEqual(['random integers']);
    expect(
      withChange((tensors) => {
        const weight = tensors.get('param.blocks.1.mlp.fc2.weight')?.data;
        if (weight instanceof Float32Array) weight[99] *= 1.00001;
      }),
    ).toEqual(['starting weights']);
    expect(
      withChange((tensors) => tensors.set('random.gamma3', { shape: [3], data: new Float32Array(3) })),
    ).toEqual(['random, unknown']);
  });

  it('gives every setting with its interventions and donor to a subject, and finds one that ignores them', () => {
    const file = readGoldenFile(bytesOf('intervene-graft-train'), 'f');
    if (file.kind !== 'interventions') throw new Error('not interventions');
    const [none] = file.settings;
    const seen: unknown[] = [];
    const report = checked(bytesOf('intervene-graft-train'), ({ intervened, parameters }) => {
      seen.push(intervened);
      return {
        engine: 'fake',
        forward: () => ({ queryLogits: none.queryLogits, sites: new Map() }),
        lossAndGradients: () => ({ loss: none.loss ?? 0, gradients: none.gradients }),
        trainStep: () => 0,
        parameters: () => parameters,
      };
    });
    expect(seen).toEqual(file.settings.map(({ interventions }) => ({ interventions, donor: file.donor })));
    expect(failing(report)).toEqual(['logits', 'losses', 'gradients']);
    const right = report.comparisons.filter(({ ok }) => ok).map(({ tensor }) => tensor);
    expect(right).toEqual(['none queryLogits', 'none loss']);
  });

  it('refuses a file that holds nothing to compare', () => {
    const config = { initSeed: 1, classes: 2, exampleDim: 2, dModel: 2, depth: 1 };
    const empty = writeSafetensors([], [['config', JSON.stringify(config)]]);
    expect(() => verifyGolden(empty, 'f', never)).toThrow('f: holds nothing to compare');
  });
});
