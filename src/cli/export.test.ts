import {
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
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metricNames } from '../evaluate/metrics.ts';
import { readMetrics } from '../runs/metrics-log.ts';
import { runSession } from '../runs/run-session.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { StorageError } from '../runs/storage/storage.ts';
import { fakeConfig, fakeSession } from '../runs/testing.ts';
import { defaultExportFile, exportFormat, saveExport } from './export-file.ts';
import { runCommandLine } from './testing.ts';

let home = '';
const at = (...parts: string[]) => join(home, ...parts);
const read = (file: string) => readFileSync(file, 'utf8');

async function train(folder: string, ...overrides: string[]): Promise<void> {
  await runSession(fakeSession(nodeStorage, { folder, config: fakeConfig(...overrides) }).options);
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'iclab-export-'));
  await train(at('=cmd'), 'evaluate.perSequence=true');
  await train(at('other'), 'data.source.sigma=0.3');
});
afterAll(() => rmSync(home, { recursive: true }));

const exportTo = (file: string, ...words: string[]) =>
  runCommandLine(['export', ...words, '--out', at(file)]);

describe('CSV', () => {
  test('has every number to the last bit, and no cell that a spreadsheet takes for a formula', async () => {
    const { code, stdout } = await exportTo('a.csv', at('=cmd'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${at('a.csv')}: 8 rows (evaluations of =cmd)\n` });
    const [header, ...rows] = read(at('a.csv')).trimEnd().split('\n');
    expect(header).toBe(`run,id,sequences,step,evaluator,n,${metricNames.join(',')}`);
    const records = (await readMetrics(nodeStorage, at('=cmd'))).filter(
      (record) => record.kind === 'evaluation',
    );
    expect(records).toHaveLength(8);
    for (const [i, row] of rows.entries()) {
      const [run, id, sequences, step, evaluator, n, ...metrics] = row.split(',');
      expect([run, id, evaluator]).toEqual([`"'=cmd"`, 'fakefake', records[i].evaluator]);
      expect([sequences, step, n].map(Number)).toEqual([records[i].sequences, records[i].step, records[i].n]);
      expect(metrics.map(Number)).toEqual(metricNames.map((name) => records[i][name]));
    }
  });

  test('goes to stdout, and nothing else with it', async () => {
    const { code, stdout, stderr } = await runCommandLine([
      'export',
      at('other'),
      '--out',
      '-',
      '--table',
      'train',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^run,id,sequences,step,loss\n(other,fakefake,\d+,\d+,[\d.]+\n){3}$/);
  });
});

test('Parquet has the same rows as CSV', async () => {
  const words = [at('=cmd'), at('other')];
  expect(await exportTo('b.parquet', ...words)).toMatchObject({ code: 0 });
  expect(await exportTo('b.csv', ...words)).toMatchObject({ code: 0 });
  const { buffer } = new Uint8Array(readFileSync(at('b.parquet')));
  const rows = await parquetReadObjects({ file: buffer });
  const [header, ...lines] = read(at('b.csv')).trimEnd().split('\n');
  const names = header.split(',');
  expect(names.slice(-2)).toEqual(['data.source.sigma', 'evaluate.perSequence']);
  const texts = rows.map((row) => names.map((name) => String(row[name])).join(','));
  expect(texts).toEqual(lines.map((line) => line.replace(`"'=cmd"`, '=cmd')));
  expect(rows).toHaveLength(16);
});

test('--json tells what was written', async () => {
  const { stdout } = await exportTo('j.csv', at('other'), '--json', '--table', 'train');
  expect(JSON.parse(stdout)).toEqual({
    kind: 'export',
    file: at('j.csv'),
    format: 'csv',
    table: 'train',
    rows: 3,
    runs: [{ folder: at('other'), name: 'other', id: 'fakefake' }],
  });
});

test('a file that is there stays as it is, unless --force is given', async () => {
  writeFileSync(at('mine.csv'), 'mine');
  expect(await exportTo('mine.csv', at('other'))).toEqual({
    code: 64,
    stdout: '',
    stderr: `iclab: ${at('mine.csv')}: is there already; give --force to replace it, or another --out\n`,
  });
  expect(read(at('mine.csv'))).toBe('mine');
  expect(await exportTo('mine.csv', at('other'), '--force')).toMatchObject({ code: 0 });
  expect(read(at('mine.csv'))).toMatch(/^run,id,/);
});

test('the folder is made, and what a killed export left is in nobody’s way', async () => {
  mkdirSync(at('deep', 'er'), { recursive: true });
  writeFileSync(at('deep', 'er', 'x.csv.tmp'), 'half');
  expect(await exportTo('deep/er/x.csv', at('other'))).toMatchObject({ code: 0 });
  expect(await exportTo('new/y.csv', at('other'))).toMatchObject({ code: 0 });
  expect(readdirSync(at('deep', 'er'))).toEqual(['x.csv']);
});

describe('one line for', () => {
  test.each([
    ['no run', [], 64, 'export: no run given; name one by folder, name or id (iclab runs lists them)'],
    ['both formats', ['other', '--csv', '--parquet'], 64, '--csv, --parquet: one format at a time'],
    ['a file of another format', ['other', '--parquet'], 64, 'ends in .csv, but --parquet was given'],
    ['one run twice', ['other', 'other/'], 64, 'the same run as'],
    ['no numbers per sequence', ['other', '--table', 'per-sequence'], 64, 'evaluate.perSequence=true'],
    ['another table', ['other', '--table', 'trian'], 64, 'did you mean "train"?'],
  ])('%s', async (_, words, code, message) => {
    const args = words.map((word) => (word.startsWith('other') ? at(word) : word));
    const result = await exportTo('never.csv', ...args);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/^iclab: [^\n]*\n$/);
    expect(result.stderr).toContain(message);
    expect(existsSync(at('never.csv'))).toBe(false);
  });

  test.each([
    ['Parquet to stdout', ['--out', '-', '--parquet'], 64, 'Parquet is no text'],
    ['JSON and CSV to stdout', ['--out', '-', '--json'], 64, '--out -, --json: both write to stdout'],
    ['a folder as file', ['--out', '.'], 64, '--out ".": a folder; expected a file in it, like "./runs.csv"'],
  ])('%s', async (_, flags, code, message) => {
    const args = flags.map((word) => (word.startsWith('other') ? at(word) : word));
    const result = await runCommandLine(['export', at('other'), ...args]);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(/^iclab: [^\n]*\n$/);
    expect(result.stderr).toContain(message);
  });

  test('a file as folder', async () => {
    const path = at('other/config.json/x.csv');
    const { code, stderr } = await runCommandLine(['export', at('other'), '--out', path]);
    expect([code, stderr]).toEqual([64, `iclab: --out "${path}": a part of the path is a file\n`]);
  });

  test('damaged metrics', async () => {
    await train(at('damaged'));
    writeFileSync(at('damaged', 'config.json'), '{');
    const result = await exportTo('never.csv', at('damaged'));
    expect(result.code).toBe(65);
    expect(result.stderr).toMatch(/^iclab: [^\n]*config\.json: [^\n]*\n$/);
    expect(existsSync(at('never.csv'))).toBe(false);
  });
});

test('a failed write leaves nothing behind, and exit code 73', async () => {
  const full = {
    ...nodeStorage,
    sync: (path: string) => Promise.reject(new StorageError('ENOSPC', 'sync', path)),
  };
  const folder = at('full');
  await expect(saveExport(full, join(folder, 'x.csv'), Uint8Array.of(1), false)).rejects.toMatchObject({
    exitCode: 73,
    message:
      `${join(folder, 'x.csv')}: cannot write: no space left on the device (ENOSPC); ` +
      'nothing else was changed: put this right, or give another --out',
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('the format is what the flags say, else the ending of the file, else CSV', () => {
  expect(exportFormat({ parquet: true }, undefined)).toBe('parquet');
  expect(exportFormat({}, 'A.PARQUET')).toBe('parquet');
  expect(exportFormat({ csv: true }, 'table.txt')).toBe('csv');
  expect(exportFormat({}, 'table.txt')).toBe('csv');
});

test('a file is named after its run and table', () => {
  expect(defaultExportFile(['quick'], 'evaluations', 'csv')).toBe('quick.csv');
  expect(defaultExportFile(['quick'], 'per-sequence', 'parquet')).toBe('quick-per-sequence.parquet');
  expect(defaultExportFile(['a', 'b'], 'train', 'csv')).toBe('runs-train.csv');
});
