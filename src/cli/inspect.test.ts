/** `iclab inspect` on a real run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from './testing.ts';

const root = mkdtempSync(join(tmpdir(), 'iclab-inspect-'));
afterAll(() => rmSync(root, { recursive: true }));
const run = join(root, 'tiny');
const inspect = (...words: string[]) => runCommandLine(['inspect', ...words]);

beforeAll(async () => {
  const { code } = await runCommandLine([
    'train',
    'smoke',
    'train.trainSequences=256',
    'evaluate.sequencesPerEvaluator=8',
    'checkpoint.snapshotEverySequences=100',
    '--out',
    run,
  ]);
  expect(code).toBe(0);
});

test('shows a table of heads for each block, of the last moment', async () => {
  const { code, stdout, stderr } = await inspect(run, '--evaluator', 'flip', '--sequence', '3');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^tiny after 256 sequences: evaluator flip, sequence 3\n/);
  expect(stdout).toMatch(/^x1 {2}class \d+, exemplar \d\n/m);
  expect(stdout).toMatch(/^l[12] {2}label \d+, the correct one$/m);
  expect(stdout).toMatch(/^answer among the context's labels: \d+ \(l[12]\), (?:right|wrong); \.\d\d on/m);
  const blocks = stdout.split('\nblock ').slice(1);
  expect(blocks).toHaveLength(2);
  const tokens = (block: string) =>
    block.split('\n').flatMap((line) => /^(xq|[xl]\d) /.exec(line)?.[1] ?? []);
  expect(blocks.map(tokens)).toEqual([['l1', 'l2', 'xq'], ['xq']]);
  expect(blocks[0]).toMatch(/^from {2}to +0 {5}1 {5}2 {5}3$/m);
});

test('as JSON holds every row, and the moment', async () => {
  const { stdout } = await inspect(run, '--at', '100', '--json');
  const found = JSON.parse(stdout) as { patterns: number[][][][] };
  expect(found).toMatchObject({ run: 'tiny', sequences: 128, evaluator: 'train', number: 0 });
  expect(found.patterns.map((heads) => heads.length)).toEqual([4, 4]);
  for (const row of found.patterns.flat(2))
    expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
});

test('fits a narrow terminal', async () => {
  const { stdout } = await runCommandLine(['inspect', run, '--from', 'all'], {
    isTerminal: true,
    columns: 30,
  });
  const tables = stdout.slice(stdout.indexOf('\nblock '));
  expect(tables.split('\n').every((line) => line.length < 30)).toBe(true);
  expect(tables.match(/^from/gm)).toHaveLength(4);
});

test.each([
  [[], 'inspect: expected a run: its folder, name or id (iclab runs lists them all)'],
  [[run, '--at', '3x'], '--at: expected a number of sequences like 300000, 300k or 1.2M; got "3x"'],
  [[run, '--at', '.5k'], '--at: expected a number of sequences like 300000, 300k or 1.2M; got ".5k"'],
  [
    [run, '--at', '1k'],
    'tiny: no weights kept at 1000 sequences; the nearest are at 256 (4 moments kept; checkpoint.snapshotEverySequences decides)',
  ],
  [
    [run, '--evaluator', 'flop'],
    '--evaluator: unknown "flop"; did you mean "flip"? (evaluators of this run: train, icl, ciwl, flip, iwl)',
  ],
  [
    [run, '--from', 'l2,l3'],
    '--from: unknown token "l3"; did you mean "l1"? (tokens: x1, l1, x2, l2, xq; all)',
  ],
  [[run, '--sequence', '8'], '--sequence: the sets of tiny have 8 sequences, numbered from 0; got 8'],
  [[run, '--sequence', '-1'], '--sequence: expected a whole number from 0; got "-1"'],
])('%j is told in one line', async (words, line) => {
  const { code, stdout, stderr } = await inspect(...words);
  expect({ code, stdout, stderr }).toEqual({ code: 64, stdout: '', stderr: `iclab: ${line}\n` });
});
