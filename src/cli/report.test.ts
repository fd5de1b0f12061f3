import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-report-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const settings = ['evaluate.sequencesPerEvaluator=200', 'evaluate.everySequences=64'];

function train(name: string, seed: number, ...overrides: string[]) {
  const words = [...settings, 'train.trainSequences=192', ...overrides];
  return runCommandLine(['train', 'smoke', '--seed', `${seed}`, '--out', at(name), ...words]);
}

beforeAll(async () => {
  await train('seed-1', 1);
  await train('seed-2', 2);
  await train('less-noise', 1, 'data.source.sigma=0.3');
  await train('deep', 1, 'model.depth=3');
});

const report = (...words: string[]) => runCommandLine(['report', ...words]);

/** Everything in a run folder with its bytes, to see that a report changes nothing. */
const contentOf = (name: string) =>
  readdirSync(at(name)).map((file) => [file, readFileSync(at(`${name}/${file}`)).toString('base64')]);

describe('of one run', () => {
  test('figure, data and page are written, and the run is left alone', async () => {
    const before = contentOf('seed-1');
    const { code, stdout, stderr } = await report(at('seed-1'), '--out', at('one'));
    expect([code, stderr]).toEqual([0, '']);
    const files = ['fig1b.svg', 'fig1b.png', 'fig1b.csv', 'report.html'];
    expect(readdirSync(at('one'))).toEqual(files.toSorted());
    expect(stdout).toContain(files.map((file) => `${at('one')}/${file}\n`).join(''));
    expect(stdout).toMatch(/^seed-1 \(\w{8}\): finished, 192 sequences\n/);
    expect(readFileSync(at('one/report.html'), 'utf8')).toMatch(
      /<th scope="row">Run<\/th><td>seed-1, id \w{8}</,
    );
    expect(contentOf('seed-1')).toEqual(before);
  });

  test('an earlier report is replaced, what else is there stays', async () => {
    mkdirSync(at('again'));
    writeFileSync(at('again/report.html'), 'old');
    writeFileSync(at('again/notes.txt'), 'mine');
    await report(at('seed-1'), '--out', at('again'));
    expect(readFileSync(at('again/report.html'), 'utf8')).toContain('<!doctype html>');
    expect(readFileSync(at('again/notes.txt'), 'utf8')).toBe('mine');
  });

  test('settings of its own are told, and no claim is judged', async () => {
    const { code, stdout } = await report(at('deep'), '--out', at('own'));
    expect(code).toBe(0);
    expect(stdout).toContain(
      'claims of fig1b: none judged: not a run of the smoke scale: model.depth=3 (there 2)\n',
    );
  });

  test('as JSON', async () => {
    const { stdout } = await report(at('seed-1'), '--out', at('json'), '--json');
    const told = JSON.parse(stdout) as { runs: object[]; verdicts: object[] };
    expect(told).toMatchObject({ kind: 'report', figure: 'fig1b', moments: {} });
    expect(told.runs).toMatchObject([{ name: 'seed-1', state: 'finished', sequences: 192, scale: 'smoke' }]);
    expect(told.verdicts).toHaveLength(11);
  });

  test('one that has further to go is drawn as far as it is', async () => {
    cpSync(at('seed-1'), at('longer'), { recursive: true });
    // What a start that asked for more leaves, before it has trained any of it.
    rmSync(at('longer/done.json'));
    const { code, stdout } = await report(at('longer'), '--out', at('part'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/: stopped, at 192 of 192 sequences \(100%\)\n/);
    expect(readFileSync(at('part/report.html'), 'utf8')).toContain('Not finished: stopped, at 192 of 192');
  });
});

describe('of several runs', () => {
  test('seeds are one group, other settings another', async () => {
    const out = at('several');
    const { code, stdout, stderr } = await report(at('seed-1'), at('seed-2'), at('less-noise'), '--out', out);
    expect([code, stderr]).toEqual([0, '']);
    expect(readdirSync(out)).toEqual(['report.html', 'runs.csv', 'runs.png', 'runs.svg']);
    expect(stdout).toContain('They differ in data.source.sigma and the seeds of init, train and source.\n');
    expect(stdout).toMatch(/^mean of 2 /m);
    expect(stdout).toMatch(/^less-noise +finished +192 of 192 .*data\.source\.sigma=0\.3$/m);
    const csv = readFileSync(`${out}/runs.csv`, 'utf8').trimEnd().split('\n');
    // Three runs of four evaluations and five evaluators; the two seeds share all of theirs.
    expect(csv.filter((line) => line.startsWith('run,'))).toHaveLength(60);
    expect(csv.filter((line) => line.startsWith('mean,'))).toHaveLength(20);
  });

  test('as JSON, groups included', async () => {
    const { stdout } = await report(at('seed-1'), at('seed-2'), '--out', at('several'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'report',
      figure: 'runs',
      runs: [{ name: 'seed-1' }, { name: 'seed-2' }],
      groups: [{ label: 'mean', settings: [], runs: ['seed-1', 'seed-2'], moments: { runs: [{}, {}] } }],
      ciwlLevel: 0.9,
    });
  });

  test('runs of one name are told apart by their folders', async () => {
    cpSync(at('less-noise'), at('elsewhere/seed-1'), { recursive: true });
    const { stdout } = await report(at('seed-1'), at('elsewhere/seed-1'), '--out', at('names'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [{ name: at('seed-1') }, { name: at('elsewhere/seed-1') }],
    });
  });

  test('a narrow terminal gets a block per run', async () => {
    const words = ['report', at('seed-1'), at('seed-2'), '--out', at('several')];
    const { stdout } = await runCommandLine(words, { isTerminal: true, columns: 60 });
    const table = stdout.split('\n').slice(1, -6);
    expect(table).toContain('seed-1');
    expect(table).toContain('  state      finished');
  });
});

describe('mistakes are told in one line', () => {
  beforeAll(() => {
    writeFileSync(at('file'), '');
    cpSync(at('seed-1'), at('damaged'), { recursive: true });
    writeFileSync(at('damaged/run.json'), '{');
    cpSync(at('seed-1'), at('copy'), { recursive: true });
    cpSync(at('seed-1'), at('fresh'), { recursive: true });
    for (const name of readdirSync(at('fresh')))
      if (/^(metrics|done)/.test(name)) rmSync(at(`fresh/${name}`));
  });

  test.each<[string, string[], number, string]>([
    ['no run', [], 64, 'report: expected a run: its folder, name or id'],
    ['a wrong name', ['no-such-run'], 64, '"no-such-run": no run of that name or id'],
    [
      'a run twice',
      [at('seed-1'), at('seed-1')],
      64,
      `": the same run as "${at('seed-1')}"; give each run once`,
    ],
    ['a run by two names', [at('seed-1'), `${at('seed-1')}/`], 64, `/": the same run as "${at('seed-1')}"`],
    ['a copy of a run', [at('seed-1'), at('copy')], 64, ': copies of one run (id '],
    ['no evaluation', [at('fresh')], 64, `fresh: no evaluation in ${at('fresh')} yet; go on with it first`],
    ['a damaged run', [at('damaged')], 65, `${at('damaged')}/run.json: `],
    ['a file as folder', [at('seed-1'), '--out', at('file')], 73, `${at('file')}: cannot write: `],
    [
      'a run as folder',
      [at('seed-1'), '--out', at('seed-1')],
      64,
      `--out: ${at('seed-1')} lies in the run ${at('seed-1')}, which nothing else writes into; give another`,
    ],
    ['a folder in a run', [at('seed-1'), '--out', at('seed-1/report')], 64, 'lies in the run'],
    [
      'a run given a report of others',
      [at('seed-1'), at('seed-2'), '--out', at('seed-2')],
      64,
      'lies in the run',
    ],
  ])('%s', async (_, words, exitCode, message) => {
    const { code, stdout, stderr } = await report(...words);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(existsSync(at('seed-1/report'))).toBe(false);
  });

  test('with --json on stdout too', async () => {
    const { code, stdout } = await report('no-such-run', '--json');
    expect(code).toBe(64);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'end', outcome: 'failed', exitCode: 64 });
  });
});
