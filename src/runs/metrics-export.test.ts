import { describe, expect, test } from 'vitest';
import { metricNames } from '../evaluate/metrics.ts';
import type { Cell, ColumnTable } from '../formats/column-table.ts';
import type { RunConfig } from './config.ts';
import { exportMetadata, exportTable, type ExportedRun, readExportedRun } from './metrics-export.ts';
import { readMetrics } from './metrics-log.ts';
import { runSession } from './run-session.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { fakeConfig, fakeSession } from './testing.ts';

/** A finished run of the fake model, read for export. */
async function exported(name: string, config = fakeConfig(), id = 'fakefake') {
  const storage = new MemoryStorage();
  const folder = `runs/${name}`;
  const { options } = fakeSession(storage, { config, folder });
  await runSession({ ...options, record: { ...options.record, id } });
  const found = { folder, name, id };
  return { storage, found, run: await readExportedRun(storage, found) };
}

const namesOf = ({ columns }: ColumnTable) => columns.map(({ name }) => name);
const rowsOf = ({ rows, columns }: ColumnTable): Record<string, Cell>[] =>
  Array.from({ length: rows }, (_, i) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[i]])),
  );
const column = (table: ColumnTable, name: string) => [
  ...new Set(Array.from(table.columns.find((c) => c.name === name)?.values ?? [])),
];

test('evaluations: a row per moment and evaluator, exactly as it was recorded', async () => {
  const { storage, found, run } = await exported('a');
  const table = exportTable([run], 'evaluations');
  expect(namesOf(table)).toEqual(['run', 'id', 'sequences', 'step', 'evaluator', 'n', ...metricNames]);
  const records = (await readMetrics(storage, found.folder)).filter(({ kind }) => kind === 'evaluation');
  expect(records.length).toBeGreaterThan(4);
  expect(rowsOf(table)).toEqual(
    records.map(({ kind: _, ...record }) => ({ run: 'a', id: 'fakefake', ...record })),
  );
});

test('training losses', async () => {
  const { storage, found, run } = await exported('a');
  const records = (await readMetrics(storage, found.folder)).filter(({ kind }) => kind === 'train');
  expect(rowsOf(exportTable([run], 'train'))).toEqual(
    records.map(({ kind: _, ...record }) => ({ run: 'a', id: 'fakefake', ...record })),
  );
});

test('numbers per sequence: each as often as its set is long, with its place in the set', async () => {
  const { run } = await exported('a', fakeConfig('evaluate.perSequence=true'));
  const table = exportTable([run], 'per-sequence');
  const evaluations = run.records.filter((record) => record.kind === 'evaluation');
  expect(table.rows).toBe(2 * evaluations.length);
  expect(rowsOf(table)).toEqual(
    evaluations.flatMap(({ sequences, step, evaluator, perSequence }) =>
      [0, 1].map((index) => ({
        run: 'a',
        id: 'fakefake',
        sequences,
        step,
        evaluator,
        index,
        ...Object.fromEntries(metricNames.map((name) => [name, perSequence?.[name][index]])),
      })),
    ),
  );
});

test('a run that keeps no numbers per sequence says what to do', async () => {
  const { run } = await exported('a');
  expect(() => exportTable([run], 'per-sequence')).toThrow(
    'runs/a: keeps no numbers per sequence; train with evaluate.perSequence=true, or export --table evaluations',
  );
});

describe('several runs', () => {
  /** Runs without records but one, for what depends on configs alone. */
  const together = async (...configs: RunConfig[]): Promise<ExportedRun[]> => {
    const { run } = await exported('a');
    const records = run.records.slice(0, 2);
    return configs.map((config, i) => ({
      ...run,
      config,
      records,
      found: { ...run.found, name: `run${i}`, folder: `runs/run${i}` },
    }));
  };

  test('settings in which they differ are columns, and no others', async () => {
    const runs = await together(
      fakeConfig('data.source.sigma=0.3', 'train.batchSize=32'),
      fakeConfig('data.source.sigma=0.8', 'train.batchSize=64'),
      fakeConfig('data.source.sigma=0.8', 'train.batchSize=32'),
    );
    const table = exportTable(runs, 'evaluations');
    expect(namesOf(table).slice(6 + metricNames.length)).toEqual(['data.source.sigma', 'train.batchSize']);
    const settings = rowsOf(table).map((row) => [row.run, row['data.source.sigma'], row['train.batchSize']]);
    expect(settings).toEqual([
      ['run0', 0.3, 32],
      ['run0', 0.3, 32],
      ['run1', 0.8, 64],
      ['run1', 0.8, 64],
      ['run2', 0.8, 32],
      ['run2', 0.8, 32],
    ]);
    expect(table.columns.slice(-2).map(({ type }) => type)).toEqual(['real', 'integer']);
  });

  test.each([
    ['data.matchExemplars=true', 'data.matchExemplars', 'boolean', [false, true]],
    ['model.position=rope', 'model.position', 'text', ['learned', 'rope']],
    ['checkpoint.snapshotEverySequences=null', 'checkpoint.snapshotEverySequences', 'integer', [128, null]],
    ['train.optimizer.rate=1', 'train.optimizer.rate', 'real', [0.001, 1]],
  ])('%s gives a column of its own type', async (override, path, type, values) => {
    const table = exportTable(await together(fakeConfig(), fakeConfig(override)), 'train');
    const found = exportTable(await together(fakeConfig(), fakeConfig(override)), 'evaluations');
    expect(found.columns.find(({ name }) => name === path)?.type).toBe(type);
    expect(column(found, path)).toEqual(values);
    expect(namesOf(table)).toContain(path);
  });

  test('runs of one name are told apart by their folders', async () => {
    const [first, second] = await together(fakeConfig(), fakeConfig());
    const same = [first, second].map((run) => ({ ...run, found: { ...run.found, name: 'same' } }));
    expect(column(exportTable(same, 'evaluations'), 'run')).toEqual(['runs/run0', 'runs/run1']);
    expect(JSON.parse(exportMetadata(same, 'train').get('iclab.runs') ?? '')).toMatchObject([
      { run: 'runs/run0' },
      { run: 'runs/run1' },
    ]);
  });
});

test('a run in progress gives what is there, one without any record an empty table', async () => {
  const storage = new MemoryStorage();
  const stop = new AbortController();
  const { options } = fakeSession(storage, {
    folder: 'runs/half',
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === 'evaluation' && event.sequences > 100) stop.abort();
    },
  });
  expect(await runSession(options)).toMatchObject({ outcome: 'stopped' });
  const run = await readExportedRun(storage, { folder: 'runs/half', name: 'half', id: undefined });
  const table = exportTable([run], 'evaluations');
  expect(column(table, 'sequences')).toEqual([0, 128]);
  expect(column(table, 'id')).toEqual([null]);
  const none = exportTable([{ ...run, records: [] }], 'evaluations');
  expect(none).toMatchObject({ rows: 0 });
  expect(namesOf(none)).toEqual(namesOf(table));
});

test('metadata hold what made the numbers', async () => {
  const { run } = await exported('a');
  const metadata = exportMetadata([run], 'evaluations');
  expect(metadata.get('iclab.table')).toBe('evaluations');
  expect(JSON.parse(metadata.get('iclab.runs') ?? '')).toEqual([
    {
      run: 'a',
      id: 'fakefake',
      command: ['iclab', 'train', 'smoke'],
      code: { version: '0.0.0' },
      engine: { name: 'fake' },
      source: 'fake source',
      finished: true,
      config: fakeConfig(),
    },
  ]);
});
