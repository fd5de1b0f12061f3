/** What a config that cannot be is told, word for word; `load-config.test.ts` has the rules behind the words. */
import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { runConfigSchema } from './config.ts';
import { configProblems } from './config-problems.ts';
import { schemaView } from './config-schema-view.ts';
import { nodeFromPlain } from './config-tree.ts';
import { loadConfig } from './load-config.ts';
import { presetNamed } from './presets/index.ts';

const badInput = (message: string) => new LabError(message, exitCodes.badInput);
const fromFile = (text: string) => () => loadConfig({ file: 'run.yaml', text });
const fromWords =
  (...words: string[]) =>
  () =>
    loadConfig({ preset: presetNamed('paper') }, words);

describe('a file', () => {
  test('of too many bytes', () => {
    expect(fromFile(`a: ${'é'.repeat(2 ** 19)}`)).toThrow(
      badInput('run.yaml:1:1: 1048579 bytes, more than the 1048576 a config may have'),
    );
    expect(fromFile(`a: ${'é'.repeat(2 ** 20)}`)).toThrow(
      badInput('run.yaml:1:1: at least 1048579 bytes, more than the 1048576 a config may have'),
    );
  });

  test('of too many words', () => {
    expect(fromFile(`[${'1,'.repeat(10_001)}1]`)).toThrow(
      badInput('run.yaml:1:8000: more than the 12000 words and marks a config may have'),
    );
  });

  test.each<[text: string, message: string]>([
    ['seeds: !!map {init: 1}', 'run.yaml:1:14: tags (tag:yaml.org,2002:map) are not supported; remove it'],
    [
      'train: {schedule: {kind: cosine}}',
      'run.yaml:1:20: train.schedule.kind: expected one of constant, warmupInverseSqrt, warmupCosine; got "cosine"',
    ],
    [
      'train: {schedule: {warmupSteps: 3}}',
      'run.yaml:1:20: train.schedule.warmupSteps: unknown key of kind constant; ' +
        'kinds warmupInverseSqrt, warmupCosine have it (train.schedule.kind=warmupInverseSqrt)',
    ],
    [
      'model: {position: rope, dModel: 12, heads: 4}',
      'run.yaml:1:37: model.heads: rope needs an even head dimension; got dModel / heads = 3',
    ],
    ['model: {dModel: 64, heads: 7}', 'run.yaml:1:21: model.heads: must divide model.dModel = 64; got 7'],
    ['preset: fast', 'run.yaml:1:1: preset: expected one of paper, quick, smoke; got "fast"'],
  ])('%j', (text, message) => {
    expect(fromFile(text)).toThrow(badInput(message));
  });

  test('with a kind of null', () => {
    expect(fromFile('train: {l2: {kind: null}}')).toThrow(
      badInput('run.yaml:1:14: train.l2.kind: expected one of none, squared, released; got null'),
    );
  });
});

test('settings without a kind, which the defaults would give', () => {
  const data = { train: { l2: {} } };
  const { error } = runConfigSchema.safeParse(data);
  const root = nodeFromPlain(data, { kind: 'default' });
  expect(configProblems(error?.issues ?? [], root, data, schemaView(runConfigSchema))).toEqual({
    first: 'train.l2.kind: expected one of none, squared, released; nothing given',
    count: 1,
  });
});

describe('settings on the command line', () => {
  test.each<[words: string[], message: string]>([
    [
      ['data.contextPairs=1'],
      'data.contextPairs: expected an integer >= 2 and <= 1024; got 1 (override) (and 1 more problem)',
    ],
    [['data.source.dim=24'], 'data.source.dim: must be a power of two; got 24 (override)'],
    [['data.classes=1', 'data.distractor=false'], 'data.classes: expected an integer >= 2; got 1 (override)'],
    [
      ['train.trainSequences=5000000000'],
      'train.trainSequences: must stay below 4294967296; got 5000000000 (override)',
    ],
  ])('%j', (words, message) => {
    expect(fromWords(...words)).toThrow(badInput(message));
  });
});
