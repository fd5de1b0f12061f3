/** The library as a program uses it, from the sources; test/package.test.ts has it installed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as library from '../src/library/index.ts';

const { LabError, makeConfig, openRun, trainRun } = library;
const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');

const short = {
  preset: 'smoke',
  settings: {
    'train.trainSequences': 96,
    'evaluate.everySequences': 64,
    'evaluate.sequencesPerEvaluator': 16,
    'checkpoint.snapshotEverySequences': 64,
  },
};

let home = '';
let run: library.TrainedRun;
const events: library.RunEvent[] = [];
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'iclab-library-'));
  run = await trainRun({ ...short, folder: join(home, 'a'), onEvent: (event) => events.push(event) });
}, 60_000);
afterAll(() => rmSync(home, { recursive: true }));

describe('docs/library.md', () => {
  const page = read('docs/library.md');

  test('lists what is exported, and nothing else', () => {
    const rows = [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].map(([, names]) => names);
    const listed = rows.flatMap((names) => [...names.matchAll(/\w+/g)].map(([name]) => name));
    expect(listed.toSorted()).toEqual(Object.keys(library).toSorted());
  });

  test('shows the example as it stands', () => {
    const [, block] = /^```ts\n(.*?)^```$/ms.exec(page) ?? [];
    expect(read('examples/train-and-plot.ts').split('\n').slice(1).join('\n')).toBe(block);
    expect(block.trimEnd().split('\n').length).toBeLessThan(25);
  });
});

test('trains to the end and tells of it', () => {
  expect(run).toMatchObject({ outcome: 'finished', name: 'a', sequences: 96, state: 'finished' });
  expect(events.filter(({ kind }) => kind === 'evaluation')).toHaveLength(3);
  expect(run.table.filter(({ kind }) => kind === 'evaluation')).toHaveLength(15);
  expect(run.record.command[0]).toBe('node');
});

test('the same call again finds it finished, other settings are refused', async () => {
  expect(await trainRun({ ...short, folder: run.folder })).toMatchObject({
    outcome: 'alreadyFinished',
    id: run.id,
    table: run.table,
  });
  const other = { ...short.settings, 'seeds.init': 1 };
  await expect(trainRun({ ...short, settings: other, folder: run.folder })).rejects.toThrow(
    /seeds.init is 5 there/,
  );
});

test('an aborted run is stopped and goes on', async () => {
  const stop = new AbortController();
  const folder = join(home, 'stopped');
  const onEvent = ({ kind }: library.RunEvent) => (kind === 'evaluation' ? stop.abort() : undefined);
  const config = makeConfig(short);
  const stopped = await trainRun({ config, folder, signal: stop.signal, onEvent });
  expect(stopped).toMatchObject({ outcome: 'stopped', sequences: 0, state: 'stopped' });
  const { outcome, table } = await trainRun({ config, folder });
  expect({ outcome, table }).toEqual({ outcome: 'finished', table: run.table });
});

test('finds runs by folder, name and id', async () => {
  const found = { folder: run.folder, name: 'a', id: run.id };
  for (const word of [run.folder, 'a', run.id ?? ''])
    expect(await openRun(word, [home])).toMatchObject(found);
  expect(await library.listRuns([home])).toContainEqual(found);
  await expect(openRun('b', [home])).rejects.toThrow(/^"b": no run of that name or id/);
});

test.each(['checkpoint', 'snapshot'] as const)('a %s evaluates to what the run recorded', async (kind) => {
  const files = await library.listCheckpoints(run, kind);
  const checkpoints = await Promise.all(files.map(library.readCheckpoint));
  expect(checkpoints.map(({ sequences }) => sequences)).toEqual(
    { checkpoint: [0, 96], snapshot: [0, 64] }[kind],
  );
  const last = checkpoints[1];
  expect(library.evaluateCheckpoint(run.config, last)).toEqual(
    run.table.filter(({ kind: k, sequences }) => k === 'evaluation' && sequences === last.sequences),
  );
});

describe('interventions', () => {
  const newest = async () => library.readCheckpoint((await library.listCheckpoints(run)).toReversed()[0]);
  const means = (interventions: readonly library.AnyIntervention[]) => async () =>
    library.evaluateCheckpoint(run.config, await newest(), { interventions, evaluators: ['ciwl'] });

  test('as lines, as specs and as functions of the batch', async () => {
    const line = library.parseIntervention('clamp={"site":"blocks.*.attention.z","value":0}');
    const spec = { kind: 'clamp', site: 'blocks.*.attention.z', mask: {}, value: 0 } as const;
    const byFunction: library.AnyIntervention = {
      kind: 'clamp',
      site: (name) => name.endsWith('.z'),
      mask: {},
      value: ({ size }, site) =>
        new Float32Array(size * (site.dims.length === 4 ? 5 * run.config.model.dModel : 0)),
    };
    expect(library.printIntervention(line)).toBe('clamp={"site":"blocks.*.attention.z","mask":{},"value":0}');
    const [clean, ...clamped] = await Promise.all(
      [[], [line], [spec], [byFunction]].map((each) => means(each)()),
    );
    expect(clamped).toEqual([clamped[0], clamped[0], clamped[0]]);
    expect(clamped[0]).not.toEqual(clean);
    expect(clean).toHaveLength(1);
  });

  test('and captures under them', async () => {
    const ablate = library.parseIntervention('ablateHeads=1:0');
    const captured = library.captureCheckpoint(run.config, await newest(), {
      sites: 'blocks.*.attention.z',
      evaluator: 'flip',
      count: 3,
      interventions: [ablate],
    });
    expect([...captured.keys()]).toEqual(['blocks.0.attention.z', 'blocks.1.attention.z']);
    const { sizes, data } = captured.get('blocks.1.attention.z')!;
    const perHead = sizes[2] * sizes[3];
    expect(sizes.slice(0, 3)).toEqual([3, run.config.model.heads, 5]);
    expect(data.subarray(0, perHead).every((x) => x === 0)).toBe(true);
    expect(data.subarray(perHead, 2 * perHead).every((x) => x === 0)).toBe(false);
    expect(() =>
      library.captureCheckpoint(run.config, { tensors: new Map() } as never, {
        sites: 'x',
        evaluator: 'flop',
      }),
    ).toThrow(
      'evaluator: unknown "flop"; did you mean "flip"? (evaluators of this run: train, icl, ciwl, flip, iwl)',
    );
  });

  test('and donors', async () => {
    const graft = library.parseIntervention(`graftOut=0@${run.folder}:96`);
    const donors = await library.readDonorWeights([graft]);
    const options = { interventions: [graft], donors };
    expect(library.evaluateCheckpoint(run.config, await newest(), options)).toEqual(
      library.evaluateCheckpoint(run.config, await newest()),
    );
  });
});

test('an assembled run takes the steps that the run took', () => {
  const { trainer } = library.assemble(run.config);
  const losses = [1, 2, 3].map(() => trainer.trainStep().loss);
  const evaluated = events.flatMap((event) => (event.kind === 'evaluation' ? [event.loss] : []));
  expect(evaluated).toEqual([undefined, (losses[0] + losses[1]) / 2, losses[2]]);
});

test('draws the run', async () => {
  const svg = library.drawFig1b(run);
  expect(svg).toMatch(/^<svg [^]*<\/svg>$/);
  const png = await library.renderPng(svg, 1);
  expect([...png.subarray(1, 4)]).toEqual([...new TextEncoder().encode('PNG')]);
});

describe('a config', () => {
  test('from a preset or a text, with settings over it', () => {
    expect(makeConfig().train.trainSequences).toBe(6_000_000);
    expect(makeConfig({ text: 'preset: smoke', settings: { 'model.position': 'rope' } })).toEqual(
      makeConfig({ preset: 'smoke', settings: { 'model.position': 'rope' } }),
    );
    expect(Object.isFrozen(makeConfig().train)).toBe(true);
  });

  test.each([
    [{ preset: 'smok' }, /did you mean "smoke"/],
    [{ settings: { 'train.batchsize': 3 } }, /train\.batchsize: .*did you mean "batchSize"/],
    [{ settings: { 'model.position': '' } }, /model\.position: /],
    [{ preset: 'smoke', text: 'preset: smoke' }, /preset, text: .*; give one of the two/],
  ])('that is wrong: %o', (wish, message) => {
    expect(() => makeConfig(wish)).toThrow(LabError);
    expect(() => makeConfig(wish)).toThrow(message);
  });

  test('whole and in part is one too many', async () => {
    await expect(trainRun({ ...short, config: makeConfig(short) })).rejects.toThrow(
      /^config: .*; give one or the other$/,
    );
  });
});

test('a checkpoint that is not there, or none, is one line', async () => {
  await expect(library.readCheckpoint(join(home, 'none'))).rejects.toMatchObject({
    name: 'LabError',
    exitCode: 65,
  });
  await expect(library.readCheckpoint(join(run.folder, 'config.json'))).rejects.toThrow(
    /^[^\n]*config\.json: [^\n]+$/,
  );
  await expect(library.listCheckpoints({ folder: join(home, 'none') })).rejects.toThrow(LabError);
});
