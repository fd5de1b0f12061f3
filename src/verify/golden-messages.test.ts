/** What a golden file that cannot be checked is told, word for word. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors.ts';
import { maxGoldenBytes, readGoldenFile } from './golden-file.ts';

const original = new Uint8Array(
  readFileSync(new URL('../../test/golden/attention-only-learned.safetensors', import.meta.url)),
);

type Change = (tensors: Map<string, Tensor>, config: Record<string, unknown>) => void;

/** The golden file with one thing changed. */
function changed(change: Change): Uint8Array {
  const { tensors, metadata } = readSafetensors(original, 'f');
  const config = JSON.parse(metadata.get('config') ?? '') as Record<string, unknown>;
  change(tensors, config);
  return writeSafetensors(tensors, [['config', JSON.stringify(config)]]);
}

const one: Tensor = { shape: [1], data: Float32Array.of(0) };
const replace = (name: string, tensor: Tensor) => (tensors: Map<string, Tensor>) =>
  void tensors.set(name, tensor);

test.each<[what: string, change: Change, message: string]>([
  ['a batch without its size', (_, config) => delete config.batch, 'f: config.batch: missing'],
  ['a training without its rate', (_, config) => delete config.lr, 'f: config.lr: missing'],
  [
    'another model than its tensors',
    replace('step0.queryLogits', one),
    'f: "step0.queryLogits": shape [1], expected [8, 40] by the config',
  ],
  [
    'batches of another size',
    replace('batch.examples', one),
    'f: "batch.examples": shape [1], expected [1 or more steps, 8, 3, 24] by the config',
  ],
  [
    'a tensor that nobody asks for',
    replace('step0.extra', one),
    'f: "step0.extra": unknown tensor for this config',
  ],
  [
    'a site that is misspelt',
    replace('step0.site.norn', one),
    'f: "step0.site.norn": unknown site; did you mean "norm"?',
  ],
  [
    'a model too large',
    (_, config) => (config.dModel = 4096),
    'f: config: 134803496 parameters, more than 16777216',
  ],
  ['a setting that is none', (_, config) => (config.width = 1), 'f: config: unknown field "width"'],
])('%s', (_what, change, message) => {
  expect(() => readGoldenFile(changed(change), 'f')).toThrow(new LabError(message, exitCodes.badData));
});

test('a file that is too large is not looked at', () => {
  expect(() => readGoldenFile(new Uint8Array(maxGoldenBytes + 1), 'f')).toThrow(
    new LabError('f: 67108865 bytes, more than the 67108864 a golden file may have', exitCodes.badData),
  );
});

const intervened = new Uint8Array(
  readFileSync(new URL('../../test/golden/intervene-patterns.safetensors', import.meta.url)),
);

/** The file of interventions with other settings. */
function withSettings(settings: string): Uint8Array {
  const { tensors, metadata } = readSafetensors(intervened, 'f');
  return writeSafetensors(tensors, [
    ['config', metadata.get('config') ?? ''],
    ['interventions', settings],
  ]);
}

test.each([
  ['[1', 'f: interventions: not valid JSON at character 2: expected "," or "]"'],
  ['[]', 'f: interventions: not lists of interventions by name'],
  [
    '{"a":{"interventions":[{"kind":"ablateHeads"}]}}',
    'f: interventions."a": Invalid input: expected array, received undefined',
  ],
  [
    '{"a":{"interventions":[{"kind":"ablateHeads","heads":["0:9"]}]}}',
    'f: "a": interventions[0] (ablateHeads=0:9): no head 0:9; this model has blocks 0 .. 1 with heads 0 .. 3',
  ],
  ['{"a":{"interventions":[]}}', 'f: "intervene.a.queryLogits": missing'],
])('settings of interventions: %s', (settings, message) => {
  expect(() => readGoldenFile(withSettings(settings), 'f')).toThrow(new LabError(message, exitCodes.badData));
});
