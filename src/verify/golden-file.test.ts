import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors.ts';
import { parameterCount } from '../model/parameters.ts';
import { maxGoldenBytes, readGoldenFile } from './golden-file.ts';

const bytesOf = (name: string) =>
  readFileSync(new URL(`../../test/golden/${name}.safetensors`, import.meta.url));

/** A golden file with one thing changed. */
function changed(
  name: string,
  change: (tensors: Map<string, Tensor>, config: Record<string, unknown>) => void,
): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytesOf(name), name);
  const config = JSON.parse(metadata.get('config') ?? '') as Record<string, unknown>;
  change(tensors, config);
  return writeSafetensors(tensors, [['config', JSON.stringify(config)]]);
}

function complaint(bytes: Uint8Array): string {
  try {
    readGoldenFile(bytes, 'f');
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    expect(error.exitCode).toBe(exitCodes.badData);
    return error.message;
  }
  return 'accepted';
}

describe('readGoldenFile', () => {
  it('reads every variant of the model', () => {
    const learned = readGoldenFile(bytesOf('attention-only-learned'), 'f');
    expect(learned).toMatchObject({ kind: 'trace', batchSize: 8, rate: 1e-3 });
    expect(learned).toMatchObject({
      shape: {
        depth: 2,
        dModel: 16,
        heads: 4,
        mlpRatio: 0,
        norm: true,
        labels: 40,
        exampleDim: 24,
        contextPairs: 2,
      },
    });
    if (learned.kind !== 'trace') return;
    expect([...learned.weightsAfter.keys()]).toEqual([1, 5, 20]);
    expect([...learned.sites.keys()]).toContain('blocks.1.attention.pattern');
    expect(learned.batches).toHaveLength(20);
    expect(learned.batches[19].examples).toHaveLength(8 * 3 * 24);
    expect(learned.batches[19].labels).toHaveLength(8 * 3);
    const total = [...learned.parameters.values()].reduce((sum, values) => sum + values.length, 0);
    expect(total).toBe(parameterCount(learned.shape));
    expect(readGoldenFile(bytesOf('mlp-sinusoidal-17-tokens'), 'f')).toMatchObject({
      shape: { position: 'sinusoidal', mlpRatio: 4, positionTime: 30, contextPairs: 8 },
    });
    expect(readGoldenFile(bytesOf('rope-no-norm'), 'f')).toMatchObject({
      shape: { position: 'rope', norm: false },
    });
  });

  it('reads draws and interventions', () => {
    const draws = readGoldenFile(bytesOf('jax-init-seed5'), 'f');
    expect(draws).toMatchObject({ kind: 'draws', seed: 5, shape: { labels: 40 } });
    if (draws.kind === 'draws') expect([...draws.draws.keys()]).toContain('truncatedNormal7');
    let settings = 0;
    for (const name of ['ablate-preserve', 'patterns', 'graft-train']) {
      const file = readGoldenFile(bytesOf(`intervene-${name}`), 'f');
      if (file.kind === 'interventions') settings += file.settings.length;
    }
    expect(settings).toBe(48);
  });

  it('keeps only the steps of a batch that are its own', () => {
    const file = readGoldenFile(bytesOf('attention-only-learned'), 'f');
    const { tensors } = readSafetensors(bytesOf('attention-only-learned'), 'f');
    if (file.kind !== 'trace') throw new Error('not a trace');
    const all = tensors.get('batch.examples')?.data ?? [];
    expect(file.batches[3].examples[5]).toBe(all[3 * 8 * 3 * 24 + 5]);
  });

  const name = 'attention-only-learned';
  it.each([
    ['lacks its config', writeSafetensors([]), 'f: __metadata__.config: missing; is this a golden file?'],
    [
      'has a broken config',
      writeSafetensors([], [['config', '{"depth":}']]),
      'f: __metadata__.config: not valid JSON',
    ],
    ['has a config that is no object', writeSafetensors([], [['config', '3']]), 'f: config: '],
    [
      'has an unknown config field',
      changed(name, (_, config) => {
        config.dropout = 0.1;
      }),
      'f: config: unknown field "dropout"',
    ],
    [
      'has a wrong config type',
      changed(name, (_, config) => {
        config.depth = 'two';
      }),
      'f: config.depth: ',
    ],
    [
      'has heads that do not divide',
      changed(name, (_, config) => {
        config.heads = 3;
      }),
      'f: config.heads: must divide',
    ],
    [
      'has no learning rate',
      changed(name, (_, config) => {
        delete config.lr;
      }),
      'f: config.lr: missing',
    ],
    [
      'has another model',
      changed(name, (_, config) => {
        config.dModel = 32;
      }),
      'f: "param.exampleEmbed.weight": shape [16, 24], expected [32, 24]',
    ],
    [
      'claims a huge model',
      changed(name, (_, config) => {
        config.classes = 10_000_000;
      }),
      'f: config: 330003056 parameters, more than 16777216',
    ],
    [
      'claims a huge batch',
      changed(name, (_, config) => {
        config.batch = 65_536;
      }),
      'f: config: 133693440 activations in a batch, more than 16777216',
    ],
    [
      'claims a huge context',
      changed(name, (_, config) => {
        config.position = 'rope';
        config.pairs = 2 ** 24;
      }),
      'f: config: 1',
    ],
    [
      'has a config with a field given twice',
      writeSafetensors([], [['config', '{"depth":1,"depth":2}']]),
      'f: __metadata__.config: the name "depth" is given twice',
    ],
    [
      'has a config with __proto__',
      writeSafetensors([], [['config', '{"__proto__":{"depth":2}}']]),
      'f: __metadata__.config: the name "__proto__" is not allowed',
    ],
    ['is larger than any', new Uint8Array(maxGoldenBytes + 1), 'f: 67108865 bytes, more than the 67108864'],
    [
      'has more tokens than positions',
      changed(name, (_, config) => {
        config.maxPositions = 3;
      }),
      'f: config.maxPositions: 3 rows for 5 tokens',
    ],
    [
      'has no steps',
      changed(name, (tensors) => {
        tensors.set('batch.examples', { shape: [0, 8, 3, 24], data: new Float32Array(0) });
      }),
      'f: "batch.examples": shape [0, 8, 3, 24], expected [1 or more steps, 8, 3, 24]',
    ],
    [
      'lacks a weight',
      changed(name, (tensors) => {
        tensors.delete('param.norm.bias');
      }),
      'f: "param.norm.bias": missing',
    ],
    [
      'lacks a later weight',
      changed(name, (tensors) => {
        tensors.delete('after5.param.norm.bias');
      }),
      'f: "after5.param.norm.bias": missing',
    ],
    [
      'has a NaN',
      changed(name, (tensors) => {
        const { data } = tensors.get('losses') ?? {};
        if (data) data[3] = NaN;
      }),
      'f: "losses": element 3 is NaN',
    ],
    [
      'has a label too many',
      changed(name, (tensors) => {
        const { data } = tensors.get('batch.labels') ?? {};
        if (data) data[7] = 40;
      }),
      'f: "batch.labels": element 7 is 40, not one of 40 labels',
    ],
    [
      'has an unknown tensor',
      changed(name, (tensors) => {
        tensors.set('step1.queryLogits', { shape: [1], data: new Float32Array(1) });
      }),
      'f: "step1.queryLogits": unknown tensor',
    ],
    [
      'has an unknown site',
      changed(name, (tensors) => {
        tensors.set('step0.site.blocks.1.residul', { shape: [1], data: new Float32Array(1) });
      }),
      'unknown site; did you mean "blocks.1.residual"?',
    ],
    [
      'has weights after its last step',
      changed(name, (tensors) => {
        tensors.set('after21.param.norm.bias', { shape: [16], data: new Float32Array(16) });
      }),
      'f: "after21": only 20 batches',
    ],
    [
      'has examples of another size',
      changed(name, (tensors) => {
        tensors.set('batch.examples', { shape: [20, 8, 3, 25], data: new Float32Array(20 * 8 * 3 * 25) });
      }),
      'f: "batch.examples": shape [20, 8, 3, 25], expected [1 or more steps, 8, 3, 24]',
    ],
  ])('refuses a file that %s', (_, bytes, expected) => {
    expect(complaint(bytes)).toContain(expected);
  });
});
