/** `iclab evaluate` on real runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { readMetrics } from '../runs/metrics-log.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { runCommandLine } from './testing.ts';

const root = mkdtempSync(join(tmpdir(), 'iclab-evaluate-'));
afterAll(() => rmSync(root, { recursive: true }));
const [run, clamped, grafted] = ['tiny', 'clamped', 'grafted'].map((name) => join(root, name));
const evaluate = (...words: string[]) => runCommandLine(['evaluate', ...words]);

const short = [
  'smoke',
  'train.trainSequences=256',
  'evaluate.everySequences=128',
  'evaluate.sequencesPerEvaluator=48',
  'checkpoint.snapshotEverySequences=128',
];

beforeAll(async () => {
  const clamp = ['--intervene', 'forbidPreviousToken=0:*,labels', '--intervene', 'ablateHeads=1:0'];
  for (const [folder, ...words] of [
    [run],
    [clamped, ...clamp],
    [grafted, '--intervene', `graftOut=0@${run}:128`],
  ])
    expect(await runCommandLine(['train', ...short, '--out', folder, ...words])).toMatchObject({ code: 0 });
}, 60_000);

async function records(...words: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await evaluate(...words, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const plain = (found: readonly object[]) =>
  found.map((record) => {
    const { run: _run, id: _id, interventions: _interventions, ...rest } = record as Record<string, unknown>;
    return rest as unknown as EvaluationRecord;
  });

describe('gives what the run recorded', () => {
  test.each([
    ['plain', run],
    ['under what it was trained with', clamped],
    ['with the graft in its weights', grafted],
  ])('%s', async (_what, folder) => {
    expect(plain(await records(folder, '--at', 'all'))).toEqual(
      (await readMetrics(nodeStorage, folder)).filter(({ kind }) => kind === 'evaluation'),
    );
  });
});

test('a table of the last moment, with what was done', async () => {
  const { stdout } = await evaluate(clamped, '--intervene', 'labelsOnly=1:1');
  const [title, ...lines] = stdout.split('\n');
  expect(title).toBe('clamped after 256 sequences');
  expect(lines.slice(0, 4)).toEqual([
    'with forbidPreviousToken=0:*,labels',
    'with ablateHeads=1:0',
    'with labelsOnly=1:1',
    '',
  ]);
  expect(lines[4]).toBe('evaluator  in context  95%        of all labels  p(correct)  loss   n');
  expect(lines.slice(5).map((line) => line.split(' ')[0])).toEqual([
    'train',
    'icl',
    'ciwl',
    'flip',
    'iwl',
    '',
  ]);
});

test('several moments, and a narrow terminal', async () => {
  const { stdout } = await evaluate(run, '--at', 'all', '--evaluators', 'flip,icl');
  expect(
    stdout
      .split('\n')
      .slice(2, -1)
      .map((line) => line.split(/ +/).slice(0, 2)),
  ).toEqual([
    ['sequences', 'evaluator'],
    ...['0', '128', '256'].flatMap((at) => ['flip', 'icl'].map((name) => [at, name])),
  ]);
  const narrow = await runCommandLine(['evaluate', run], { isTerminal: true, columns: 40 });
  expect(narrow.stdout.split('\n').every((line) => line.length < 40)).toBe(true);
});

test('CSV with every metric', async () => {
  const { stdout } = await evaluate(run, '--csv', '--intervene', 'ablateHeads=0:0', '--evaluators', 'icl');
  const [header, row, end] = stdout.split('\n');
  expect(header).toBe(
    'sequences,step,evaluator,n,loss,accuracy,inContextAccuracy,inContextProb,prob,contextProb,outOfContextAccuracy,' +
      'outOfContextProb,interventions',
  );
  expect(row).toMatch(/^256,\d+,icl,48,[\d.,e-]+,ablateHeads=0:0$/);
  expect(end).toBe('');
});

test('an intervention changes something, and preserving all of it nothing', async () => {
  const clean = plain(await records(run));
  expect(plain(await records(run, '--intervene', 'ablateHeads=0:*'))).not.toEqual(clean);
  expect(plain(await records(run, '--intervene', 'preserve=values,patterns'))).toEqual(clean);
});

test('without what it was trained with it is another model', async () => {
  expect(plain(await records(clamped, '--drop-trained'))).not.toEqual(plain(await records(clamped)));
  const { code, stderr } = await evaluate(grafted, '--drop-trained');
  expect(code).toBe(64);
  expect(stderr).toBe(
    `iclab: graftOut=0@${run}:128: the run's weights are those of the graft; it cannot be left out\n`,
  );
});

test('a graft from another moment of the same run', async () => {
  const own = plain(
    await records(
      run,
      '--intervene',
      `graftIn=1@${run}:256`,
      '--intervene',
      'clamp={"site":"norm","value":"clean"}',
    ),
  );
  expect(own).toEqual(plain(await records(run)));
});

test('evaluators that make no sense are left out, and told of', async () => {
  const { code, stdout, stderr } = await evaluate(run, '--intervene', 'inductionHeads=1:0@1');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      "iclab: warning: evaluate: iwl left out: inductionHeads needs the query's label in the context, exactly once\n",
  });
  expect(stdout).not.toMatch(/^iwl/m);
});

test.each([
  [[], 'evaluate: expected a run: its folder, name or id (iclab runs lists them all)'],
  [[run, '--json', '--csv'], '--json, --csv: give one of the two'],
  [
    [run, '--evaluators', 'flop'],
    'evaluators: unknown "flop"; did you mean "flip"? (evaluators of this run: train, icl, ciwl, flip, iwl)',
  ],
  [
    [run, '--evaluators', 'iwl', '--intervene', 'inductionHeads=1:0@1'],
    "evaluators: iwl cannot be evaluated under inductionHeads, which needs the query's label in the context, once",
  ],
  [
    [run, '--intervene', 'ablateHeads=2:0'],
    'interventions[0] (ablateHeads=2:0): no head 2:0; this model has blocks 0 .. 1 with heads 0 .. 3',
  ],
  [[run, '--at', 'al'], '--at: expected a number of sequences like 300000, 300k or 1.2M; got "al"'],
])('%j is told in one line', async (words, line) => {
  const { code, stderr } = await evaluate(...words);
  expect(code).toBe(64);
  expect(stderr).toBe(`iclab: ${line}\n`);
});
