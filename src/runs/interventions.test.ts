/** Runs that learn under interventions: what their folders carry, how they go on, and donors that are runs themselves. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { printIntervention } from '../intervene/intervention.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { decodeCheckpoint } from './checkpoint-file.ts';
import { configHash } from './config-hash.ts';
import { configYaml } from './config-yaml.ts';
import { readDonors } from './donors.ts';
import { loadConfig } from './load-config.ts';
import { presetNamed } from './presets/index.ts';
import type { RunEvent } from './run-events.ts';
import { readFolder, readLastStart } from './run-folder.ts';
import { nodeStorage } from './storage/node-storage.ts';
import { trainInFolder } from './train-run.ts';

const short = [
  'train.trainSequences=192',
  'evaluate.everySequences=64',
  'evaluate.sequencesPerEvaluator=16',
  'checkpoint.everySequences=64',
  'checkpoint.keep=20',
];
const configOf = (...overrides: string[]) =>
  loadConfig({ preset: presetNamed('smoke') }, [...short, ...overrides]);

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'iclab-interventions-'));
});
afterAll(() => rmSync(home, { recursive: true }));

async function train(name: string, overrides: readonly string[], stopAfter?: number) {
  const folder = join(home, name);
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const result = await trainInFolder({
    config: configOf(...overrides),
    folder,
    command: ['test'],
    threads: 1,
    signal: stop.signal,
    onEvent: (event) => {
      events.push(event);
      if (event.kind === 'evaluation' && event.sequences === stopAfter) stop.abort();
    },
  });
  return { folder, result, events };
}

function newestCheckpoint(folder: string) {
  const [file] = readdirSync(folder)
    .filter((name) => name.startsWith('checkpoint-192.'))
    .toSorted();
  return new Uint8Array(readFileSync(join(folder, file)));
}

/** Tensors and progress, without what tells sessions apart. */
function stateIn(folder: string) {
  const { tensors, step, interventions } = decodeCheckpoint(newestCheckpoint(folder), 'f', 'checkpoint');
  return { step, interventions, tensors: [...tensors].map(([name, { data }]) => [name, [...data]]) };
}

const clamped =
  'train.interventions=[{kind: preserve, sites: [values]}, {kind: ablateHeads, heads: ["0:1"]}, {kind: inductionHeads, heads: ["1:0"], strength: 0.9}]';

describe('a run under interventions', () => {
  test('carries them in its config, its record and every checkpoint; evaluators that make no sense are left out', async () => {
    const { folder, events } = await train('whole', [clamped]);
    const lines = ['preserve=values', 'ablateHeads=0:1', 'inductionHeads=1:0@0.9'];
    const { config } = await readFolder(nodeStorage, folder);
    expect(config?.train.interventions?.map(printIntervention)).toEqual(lines);
    const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
      config: { train: { interventions: unknown[] } };
    };
    expect(record.config.train.interventions).toHaveLength(3);
    const { metadata } = readSafetensors(newestCheckpoint(folder), 'f');
    expect(JSON.parse(metadata.get('interventions') ?? '')).toEqual(lines);
    expect(events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))).toEqual([
      "evaluate: iwl left out: inductionHeads needs the query's label in the context, exactly once",
    ]);
    const evaluated = events.flatMap((event) => (event.kind === 'evaluation' ? [event.records.length] : []));
    expect(new Set(evaluated)).toEqual(new Set([4]));
  });

  test('stopped in the middle it goes on to the same bits', async () => {
    await train('stopped', [clamped], 64);
    const { result } = await train('stopped', [clamped]);
    expect(result.outcome).toBe('finished');
    expect(stateIn(join(home, 'stopped'))).toEqual(stateIn(join(home, 'whole')));
  });

  test('is another run than one without, and one with others', async () => {
    expect(configHash(configOf())).not.toBe(configHash(configOf(clamped)));
    await expect(train('whole', [])).rejects.toThrow(
      /holds a run of another config: train\.interventions\.0/,
    );
  });
});

describe('a graft from a run', () => {
  const graft = (folder: string, sequences = 128) =>
    `train.interventions=[{kind: graftOut, afterBlock: 0, run: "${folder}", sequences: ${sequences}}]`;

  test('trains on, the half that stays as the donor had it, the optimizer keeping nothing of it', async () => {
    const donor = await train('donor', []);
    const { folder } = await train('grafted', [graft(donor.folder)]);
    const own = decodeCheckpoint(newestCheckpoint(folder), 'f', 'checkpoint').tensors;
    const { weights, records } = await readDonors(nodeStorage, [{ run: donor.folder, sequences: 128 }]);
    const [given] = weights.values();
    expect(own.get('unembed.weight')?.data).toEqual(given.get('unembed.weight'));
    expect(own.get('labelEmbed.weight')?.data).not.toEqual(given.get('labelEmbed.weight'));
    expect([...own.keys()].filter((name) => /^adam\..\.(unembed|norm|blocks\.1)/.test(name))).toEqual([]);
    expect((await readLastStart(nodeStorage, folder)).donors).toEqual(records);
    expect(records).toEqual([
      { run: donor.folder, sequences: 128, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
  });

  test('goes on to the same bits, and not with a donor that is no longer the same', async () => {
    const donor = join(home, 'donor');
    await train('grafted-stopped', [graft(donor)], 64);
    const { result } = await train('grafted-stopped', [graft(donor)]);
    expect(result.outcome).toBe('finished');
    expect(stateIn(join(home, 'grafted-stopped'))).toEqual(stateIn(join(home, 'grafted')));
    await train('grafted-again', [graft(donor)], 64);
    rmSync(donor, { recursive: true });
    await train('donor', ['seeds.init=77']);
    await expect(train('grafted-again', [graft(donor)])).rejects.toThrow(
      new LabError(
        `${join(home, 'grafted-again')}: its donor ${donor} at 128 sequences had other weights when it was begun; give ` +
          'another --out to start with these',
      ),
    );
  });

  test('from moments and runs that are not there', async () => {
    await expect(train('other', [graft(join(home, 'donor'), 10)])).rejects.toThrow(
      /^donor: no weights kept at 10 sequences; the nearest are at 0 and 64/,
    );
    await expect(train('other', [graft('nobody')])).rejects.toThrow(/^"nobody": no run of that name or id/);
  });
});

describe('settings', () => {
  test.each([
    [
      'train.interventions=[{kind: ablateHeads, heads: ["0:9"]}]',
      'train.interventions: interventions[0] (ablateHeads=0:9): no head 0:9; this model has blocks 0 .. 1 with heads 0 .. 3 ' +
        '(override)',
    ],
    [
      'train.interventions=[{kind: ablateHaeds}]',
      'train.interventions.0.kind: expected one of ablateHeads, preserve, ablateEmbedding, inductionHeads, ' +
        'previousTokenHeads, forbidPreviousToken, headTemperature, labelsOnly, matchHeads, outputFromHead, graftIn, ' +
        'graftOut, clamp; got "ablateHaeds" (override)',
    ],
    [
      'train.interventions=[{kind: ablateHeads, heads: [a]}]',
      'train.interventions.0.heads.0: expected a head as block:head, such as 0:3, or 0:* for all of a block (override)',
    ],
    [
      'train.interventions=[{kind: matchHeads, heads: ["0:1"], temp: 1}]',
      'train.interventions.0.temp: unknown key (keys: kind, heads, temperature) (override) ' +
        '(and 1 more problem)',
    ],
  ])('%s', (override, message) => {
    expect(() => configOf(override)).toThrow(new LabError(message, exitCodes.badInput));
  });

  test('are written out and read again', () => {
    const config = configOf(clamped);
    const text = configYaml(config);
    expect(loadConfig({ file: 'f', text })).toEqual(config);
  });
});
