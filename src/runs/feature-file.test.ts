/** A run on a file of features: trained, stopped, gone on with, with the file moved, changed, damaged and gone. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { waveSource, storeBytes } from '../data/stored/testing.ts';
import { openSource } from '../data/open-source.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { featureFacts, openFeatureFile, sha256Of } from './feature-file.ts';
import { loadKernelModule } from './kernel-module.ts';
import { loadConfig } from './load-config.ts';
import { presetNamed } from './presets/index.ts';
import { trainInFolder } from './train-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-features-'));
afterAll(() => rmSync(folder, { recursive: true }), 60_000);

const bytes = storeBytes(waveSource(40, 4, 12), { sha256: sha256Of });
const file = join(folder, 'waves.safetensors');
writeFileSync(file, bytes);
const other = join(folder, 'other.safetensors');
writeFileSync(other, storeBytes(waveSource(41, 4, 12), { sha256: sha256Of }));
const words = (path: string, ...more: string[]) => [
  'data.source.kind=features',
  `data.source.file=${path}`,
  'data.classes=30',
  'evaluate.sequencesPerEvaluator=20',
  'checkpoint.snapshotEverySequences=null',
  'checkpoint.earlySnapshotEverySequences=null',
  ...more,
];
const configOf = (path: string, ...more: string[]) =>
  loadConfig({ preset: presetNamed('smoke'), featureFacts }, words(path, ...more));
const train = async (out: string, path: string, sequences: number) =>
  trainInFolder({
    config: configOf(path, `train.trainSequences=${sequences}`),
    folder: join(folder, out),
    command: ['test'],
    threads: 1,
  });

test('a config learns from the file what it is', () => {
  const { source } = configOf(file).data;
  expect(source).toEqual({
    kind: 'features',
    file,
    name: 'waves',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    classes: 40,
    exemplars: 4,
    dim: 12,
  });
});

test.each([
  ['data.source.sha256=ab', 'data.source.sha256: must be 64 hexadecimal digits'],
  ['data.source.seed=1', 'data.source.seed: unknown key'],
  ['data.exemplars=5', "data.exemplars: must be at most the source's 4 exemplars per class; got 5"],
])('%s does not go with it', (word, message) => {
  expect(() => configOf(file, word)).toThrow(message);
});

test('a run goes on bit for bit, with the file elsewhere too', async () => {
  await train('whole', file, 640);
  await train('parts', file, 320);
  const moved = join(folder, 'moved.safetensors');
  writeFileSync(moved, bytes);
  expect((await train('parts', moved, 640)).outcome).toBe('finished');
  const state = (out: string, start: number) =>
    readFileSync(join(folder, out, `checkpoint-640.g${start}.safetensors`)).subarray(-10_000);
  expect(state('parts', 2).equals(state('whole', 1))).toBe(true);
  const record = JSON.parse(readFileSync(join(folder, 'whole', 'run.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(record.source).toBe(`waves (features ${featureFacts(file).sha256.slice(0, 12)})`);
  expect(record.seeds).toEqual({ init: 5, train: 2, eval: 1 });
}, 60_000);

describe('on resume', () => {
  test('a file that is gone is said in one line', async () => {
    const gone = join(folder, 'gone.safetensors');
    writeFileSync(gone, bytes);
    await train('left', gone, 64);
    renameSync(gone, `${gone}.away`);
    await expect(train('left', gone, 128)).rejects.toThrow(
      `data.source.file "${gone}": cannot be read: the file or its folder is gone (ENOENT); iclab data makes such files, and data.source.file=PATH says where one is now`,
    );
  });

  test('other features are another run', async () => {
    await train('kept', file, 64);
    await expect(train('kept', other, 128)).rejects.toThrow(
      /holds a run of another config: data\.source\.classes is 40 there, 41 here, data\.source\.sha256 is "/,
    );
  });
});

describe('what cannot be opened', () => {
  const { source } = configOf(file).data;
  if (source.kind !== 'features') throw new Error('a file was given');
  const open = (changes: Partial<typeof source>) => () => openFeatureFile({ ...source, ...changes });

  test('a changed file, against the config of a run', () => {
    expect(open({ file: other })).toThrow(
      /other\.safetensors: other features than this run has: checksum [0-9a-f]{12}, expected [0-9a-f]{12}; put the file back that it began with$/,
    );
  });

  test('a damaged one', () => {
    const damaged = join(folder, 'damaged.safetensors');
    writeFileSync(damaged, bytes.with(bytes.length - 5, bytes[bytes.length - 5] ^ 1));
    expect(open({ file: damaged })).toThrow(
      `${damaged}: the features do not match their checksum: damaged; make the file anew (iclab data)`,
    );
    writeFileSync(damaged, bytes.subarray(0, bytes.length - 5));
    expect(open({ file: damaged })).toThrow('is outside the');
  });

  test('one of another size than the config says', () => {
    expect(open({ classes: 39 })).toThrow('data.source.classes: the file has 40; got 39; leave it out');
  });

  test('a folder, and a file beyond all measure', () => {
    const place = join(folder, 'folder');
    mkdirSync(place);
    expect(open({ file: place })).toThrow(`${place}: not a file; expected one that iclab data made`);
    const sparse = join(folder, 'sparse');
    writeFileSync(sparse, '');
    truncateSync(sparse, 5_000_000_000);
    expect(open({ file: sparse })).toThrow(
      expect.objectContaining({
        message: `${sparse}: 5000000000 bytes, more than the 2147483647 it may have`,
        exitCode: exitCodes.badData,
      }),
    );
  });

  test('a file where there are none, as in a page', () => {
    expect(() => openSource(source, loadKernelModule().module)).toThrow(
      `data.source.file "${file}": files cannot be opened here; take a source of kind synthetic`,
    );
  });
});
