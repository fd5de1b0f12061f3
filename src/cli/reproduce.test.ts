import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ClaimVerdict } from '../../experiments/coopetition/claims/claim.ts';
import { claimsText } from './reproduce-several.ts';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-reproduce-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a run that was made longer is reported as it is, by the plain command too', async () => {
  const out = join(folder, 'fig1b');
  const words = ['evaluate.sequencesPerEvaluator=8', 'evaluate.everySequences=64', '--out', out];
  const make = (sequences: number) =>
    runCommandLine(['reproduce', '--scale', 'smoke', `train.trainSequences=${sequences}`, ...words]);
  await make(64);
  await make(128);
  const plain = await make(64);
  expect(plain.stdout).toContain(`already further, finished at 128 sequences (64 asked for): ${out}/run\n`);
  expect([plain.code, plain.stderr]).toEqual([0, '']);
  const page = readFileSync(`${out}/report.html`, 'utf8');
  expect(page).toContain('train.trainSequences=128');
  expect(page).not.toContain('train.trainSequences=64');
});

test('of several seeds: the run and report of each as alone, and one report of all', {
  timeout: 60_000,
}, async () => {
  const out = join(folder, 'seeds');
  const tiny = ['train.trainSequences=96', 'evaluate.sequencesPerEvaluator=8', 'evaluate.everySequences=64'];
  const words = ['reproduce', 'fig1b', '--scale', 'smoke', ...tiny, '--seeds', '1,2', '--out', out];
  const { code, stdout, stderr } = await runCommandLine(words);
  expect([code, stderr]).toEqual([0, '']);
  const entries = readdirSync(out);
  expect(entries.slice(2)).toEqual(['report.html', 'runs.csv', 'runs.png', 'runs.svg']);
  for (const own of entries.slice(0, 2)) {
    expect(readdirSync(join(out, own))).toEqual([
      'fig1b.csv',
      'fig1b.png',
      'fig1b.svg',
      'report.html',
      'run',
    ]);
    expect(stdout).toContain(`${out}/${own}/report.html\n`);
  }
  expect(stdout).toContain('They differ in the seeds of init, train and source alone.\n');
  expect(stdout).toMatch(/^mean of 2 /m);
  expect(stdout).toContain(
    '\nclaims not applicable: 11 (a smoke run only shows that the parts fit together;',
  );
  const json = await runCommandLine([...words, '--json']);
  const lines = json.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines.at(-2)).toMatchObject({
    kind: 'runs',
    runs: [{ outcome: 'alreadyFinished' }, { exitCode: 0 }],
  });
  expect(lines.at(-1)).toMatchObject({
    kind: 'report',
    figure: 'fig1b',
    runs: [{ run: 'seed 1' }, { run: 'seed 2' }],
    together: { figure: 'runs', groups: [{ label: 'mean' }] },
  });
});

test('claims over several seeds: in how many each holds, and where it fails', () => {
  const verdict = (id: string, how: ClaimVerdict['verdict'], why = '') =>
    ({ id, verdict: how, why }) as ClaimVerdict;
  const of = (first: ClaimVerdict['verdict'], second: ClaimVerdict['verdict']) => [
    verdict('F1b-01', first),
    verdict('F1b-02', second),
    verdict('F1b-03', 'not applicable', 'too short'),
  ];
  const verdicts = [of('holds', 'holds'), of('fails', 'holds'), of('fails', 'holds')];
  expect(claimsText(['seed 1', 'seed 2', 'seed 3'], verdicts)).toBe(
    'claim   holds in  fails in\n' +
      'F1b-01  1 of 3    seed 2, seed 3\n' +
      'F1b-02  3 of 3\n' +
      'claims not applicable: 1 (too short)\n',
  );
});

describe('figures of the mechanism', () => {
  const tiny = ['train.trainSequences=128', 'evaluate.sequencesPerEvaluator=40', 'data.source.classes=16'];
  const snapshots = 'checkpoint.snapshotEverySequences=64';
  const out = join(folder, 'mechanism');
  const make = (...figures: string[]) =>
    runCommandLine(['reproduce', ...figures, '--scale', 'smoke', ...tiny, snapshots, '--out', out]);

  test('share one run, say beforehand what they take, and measure every moment once', async () => {
    const { code, stdout, stderr } = await make('fig14', 'fig3a', 'fig2a');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /^fig14: first trains the run it needs \(4 steps, \d+ kB on disk\); then looks at 3 moments of it/,
    );
    expect(stdout).toContain(`run in ${out}/run: 128 sequences\n`);
    expect(stdout).toContain('attention: 3 of 3 moments\n');
    expect(stdout).toMatch(/^fig3a: its run is there; looks at 3 moments of it/m);
    expect(stdout).toContain('attention: 3 of 3 moments, known\n');
    expect(stdout).toMatch(/^fig2a: its run is there; looks at 1 moment of it/m);
    expect(stdout).toContain('attention: 1 of 1 moment, known\n');
    expect(readdirSync(out).toSorted()).toEqual(['.analyses', 'fig14', 'fig2a', 'fig3a', 'run']);
    expect(readdirSync(join(out, 'fig14'))).toEqual(['fig14.csv', 'fig14.png', 'fig14.svg', 'report.html']);
    expect(stdout).toContain('claims of fig14: 0 hold, 0 fail, 3 not applicable');
  });

  test('with --json tell of analyses and reports as events', async () => {
    const { stdout } = await make('fig12', '--json');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ kind }) => kind)).toEqual(['end', 'analysis', 'report']);
    expect(events[1]).toEqual({ kind: 'analysis', analysis: 'attention', done: 1, total: 1, measured: 0 });
    expect(events[2]).toMatchObject({
      figure: 'fig12',
      verdicts: [{ id: 'F12-01', verdict: 'not applicable' }],
    });
  });

  test('that need another run train it beside', async () => {
    const plan = await make('fig13', '--dry-run');
    expect(plan.stdout).toMatch(
      /^fig13: first trains the run it needs .*\nfolder +\S+\/fig13\/run \(would start there\)/,
    );
    const { code } = await make('fig13');
    expect(code).toBe(0);
    expect(readdirSync(join(out, 'fig13'))).toContain('run');
    expect(readFileSync(join(out, 'fig13/report.html'), 'utf8')).toContain('depth: 1');
  });

  test('of a run that kept no snapshots look at the checkpoints it has', async () => {
    const bare = join(folder, 'bare');
    const { stdout } = await runCommandLine([
      'reproduce',
      'fig14',
      '--scale',
      'smoke',
      ...tiny,
      'checkpoint.snapshotEverySequences=null',
      'checkpoint.everySequences=64',
      '--out',
      bare,
    ]);
    expect(stdout).toContain('attention: 3 of 3 moments\n');
  });
});
