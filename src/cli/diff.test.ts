import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadRun } from '../../experiments/coopetition/read-run.ts';
import { LabError } from '../errors/lab-error.ts';
import { type MetricName, metricNames } from '../evaluate/metrics.ts';
import type { MetricsTable } from '../report/metrics-table.ts';
import { MemoryStorage } from '../runs/storage/memory-storage.ts';
import { fakeSession } from '../runs/testing.ts';
import { sealed } from '../runs/sealed-json.ts';
import { compareRuns, type RunDifferences } from './compare-runs.ts';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

function train(name: string, seed: number, sequences: number, ...overrides: string[]) {
  const size = ['evaluate.sequencesPerEvaluator=8', `train.trainSequences=${sequences}`];
  const words = [...size, ...(overrides.length > 0 ? overrides : ['evaluate.everySequences=64'])];
  return runCommandLine(['train', 'smoke', '--seed', `${seed}`, '--out', at(name), ...words]);
}

beforeAll(async () => {
  await train('a', 1, 192);
  await train('b', 2, 192);
  await train('longer', 1, 256);
  await train('sparse', 1, 192, 'evaluate.everySequences=96');
});

const diff = (...words: string[]) => runCommandLine(['diff', ...words]);

async function differences(first: string, second: string): Promise<RunDifferences> {
  const { stdout } = await diff(at(first), at(second), '--json');
  return JSON.parse(stdout) as RunDifferences;
}

describe('diff', () => {
  test('tells settings, curves and moments that differ, and exits with 0', async () => {
    const { code, stdout, stderr } = await diff(at('a'), at('b'));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}a +\w{8} +finished +192 of 192 sequences/m);
    expect(stdout).toMatch(
      /^settings\n {2}setting +a +b\n {2}data\.source\.seed +1 +2\n {2}seeds\.init +1 +2\n/m,
    );
    expect(stdout).toContain('\nmade by the same code, engine and machine\n');
    expect(stdout).toContain('\ncurves: b less a, at 4 shared evaluations, up to 192 sequences\n');
    expect(stdout).toMatch(/^ {2}flip +inContextAccuracy +[+-]\.\d{3} /m);
    expect(stdout).toMatch(/^ {2}iwl +accuracy /m);
    expect(stdout).toMatch(/^ {2}4 CIWL first reaches \.90 +not reached +not reached$/m);
    expect(stdout).not.toContain('identical metrics');
  });

  test('says so where runs are the same but for their length, bit for bit as far as both go', async () => {
    const { stdout } = await diff(at('a'), at('longer'));
    expect(stdout).toMatch(/^ {2}train\.trainSequences +192 +256$/m);
    expect(stdout).toContain(
      '\nidentical metrics: every metric at 4 shared evaluations, up to 192 sequences, bit for bit\n' +
        '  only longer has 1 more\n',
    );
  });

  test('compares other schedules where they meet', async () => {
    const { identical, evaluations } = await differences('a', 'sparse');
    expect(identical).toBe(true);
    expect(evaluations).toEqual({ sequences: [0, 192], onlyFirst: 2, onlySecond: 1 });
  });

  test('as JSON has every metric of every evaluator', async () => {
    const found = await differences('a', 'b');
    expect(found.runs).toMatchObject([
      { name: 'a', state: 'finished', sequences: 192, trainSequences: 192 },
      { name: 'b' },
    ]);
    expect(found.settings).toContainEqual({ path: 'seeds.init', growable: false, first: 1, second: 2 });
    expect(found.curves).toHaveLength(5 * metricNames.length);
    expect(found).toMatchObject({ identical: false, moments: [{}, {}], peakSoFar: [false, false] });
  });

  test('tells code and machine apart', async () => {
    cpSync(at('a'), at('other-code'), { recursive: true });
    const path = at('other-code/run.json');
    const record = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify(sealed({ ...record, node: 'v1.2.3' })));
    const { stdout } = await diff(at('a'), at('other-code'));
    expect(stdout).toMatch(/^made by\n {2}what +a +other-code\n {2}node +v\S+ +v1\.2\.3\n/m);
    expect(stdout).toContain('\nthe same settings\n');
  });

  test('fits a narrow terminal', async () => {
    const { stdout } = await runCommandLine(['diff', at('a'), at('b')], { isTerminal: true, columns: 50 });
    const curves = stdout.slice(stdout.indexOf('curves:'));
    expect(curves).toMatch(/^ {2}flip\n {4}metric +inContextAccuracy\n {4}largest +[+-]/m);
    expect(stdout).toMatch(/^ {2}seeds\.init +1 +2$/m);
  });
});

describe('runs that share nothing', () => {
  const table = (evaluator: string, sequences: number): MetricsTable => {
    const means = Object.fromEntries(metricNames.map((name) => [name, 0.5])) as Record<MetricName, number>;
    return [{ kind: 'evaluation', sequences, step: sequences, evaluator, n: 2, ...means }];
  };
  const readRunOf = (name: string, metrics: MetricsTable): ReadRun => {
    const { record, config } = fakeSession(new MemoryStorage()).options;
    const start = { ...record, source: 'fake' };
    const run = { folder: name, name, id: undefined, config, record: start };
    return { ...run, table: metrics, state: 'finished', sequences: 64 };
  };

  test.each<[MetricsTable, string]>([
    [table('flip', 32), 'a, b: nothing in common: they were never evaluated at the same sequences'],
    [table('icl', 64), 'a, b: nothing in common: they were never measured by the same evaluator'],
  ])('are not compared', (metrics, message) => {
    expect(() => compareRuns(readRunOf('a', table('flip', 64)), readRunOf('b', metrics))).toThrow(
      new LabError(message),
    );
  });
});

describe('mistakes are told in one line', () => {
  beforeAll(() => {
    cpSync(at('a'), at('damaged'), { recursive: true });
    writeFileSync(at('damaged/run.json'), '{');
    cpSync(at('a'), at('fresh'), { recursive: true });
    for (const name of readdirSync(at('fresh')))
      if (/^(metrics|done)/.test(name)) rmSync(at(`fresh/${name}`));
  });

  test.each<[string, string[], number, string]>([
    ['one run', [at('a')], 64, 'diff: expected two runs; got 1'],
    ['three runs', [at('a'), at('b'), at('longer')], 64, 'diff: expected two runs; got 3'],
    [
      'the same run',
      [at('a'), at('a')],
      64,
      `"${at('a')}": the same run as "${at('a')}"; give each run once`,
    ],
    ['a wrong name', [at('a'), 'no-such-run'], 64, '"no-such-run": no run of that name'],
    ['no evaluation', [at('a'), at('fresh')], 64, 'fresh: no evaluation in'],
    ['a damaged run', [at('a'), at('damaged')], 65, `${at('damaged')}/run.json: `],
  ])('%s', async (_, words, exitCode, message) => {
    const { code, stdout, stderr } = await diff(...words);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([exitCode, '']);
  });
});
