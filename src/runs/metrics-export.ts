/**
 * The metrics of one run or several as one tidy table: a row per measurement, a column per variable, with the settings
 * in which the runs differ as further columns. Training losses have no evaluator and moments of their own, and
 * per-sequence numbers a row per sequence: each is a table by itself, so that no table has holes.
 */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { metricNames } from '../evaluate/metrics.ts';
import type { Cell, Column, ColumnTable, ColumnType } from '../formats/column-table.ts';
import type { RunConfig } from './config.ts';
import { configDifferences } from './config-hash.ts';
import type { FoundRun } from './find-runs.ts';
import { readCheckedMetrics } from './metrics-log.ts';
import type { StoredEvaluation, StoredRecord } from './records.ts';
import { type FolderState, readFolder, readLastStart } from './run-folder.ts';
import type { StartRecord } from './start-record.ts';
import type { Storage } from './storage/storage.ts';

export const exportTables = ['evaluations', 'train', 'per-sequence'] as const;

export type ExportTable = (typeof exportTables)[number];

/** A run with everything an export tells of it. */
export interface ExportedRun {
  readonly found: FoundRun;
  readonly config: RunConfig;
  readonly finishedAt: FolderState['finishedAt'];
  readonly start: StartRecord;
  /** In order; of a run in progress those that are there. */
  readonly records: readonly StoredRecord[];
}

/** @throws {LabError} exit code 65 where the folder is damaged */
export async function readExportedRun(storage: Storage, found: FoundRun): Promise<ExportedRun> {
  const { config, finishedAt } = await readFolder(storage, found.folder);
  if (!config) throw new LabError(`${found.folder}: no run in this folder any more`, exitCodes.badData);
  const start = await readLastStart(storage, found.folder);
  const records = await readCheckedMetrics(storage, found.folder, finishedAt?.metrics);
  return { found, config, finishedAt, start, records };
}

/**
 * Columns `run`, `id`, `sequences`, `step`, then those of the table, then the settings in which the runs differ.
 * Rows in the order of the runs, and within one in the order they were measured.
 * @throws {LabError} exit code 64 where a run was not told to keep per-sequence numbers
 */
export function exportTable(runs: readonly ExportedRun[], table: ExportTable): ColumnTable {
  const parts = runs.map((run) => partOf(run, table));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const names = runLabels(runs);
  const perRun = [
    { name: 'run', values: names },
    { name: 'id', values: runs.map(({ found }) => found.id ?? null) },
  ].map(({ name, values }) => ({ name, type: 'text' as const, values: repeated(values, parts) }));
  const measured = parts[0].columns.map(({ name, type }, i) => ({
    name,
    type,
    values: parts.flatMap((part) => part.columns[i].values),
  }));
  const settings = settingColumns(runs.map(({ config }) => config)).map((column) => ({
    ...column,
    values: repeated(column.values, parts),
  }));
  return { rows, columns: [...perRun, ...measured, ...settings] };
}

interface Part {
  readonly rows: number;
  readonly columns: readonly (Column & { readonly values: Cell[] })[];
}

function partOf({ found, config, records }: ExportedRun, table: ExportTable): Part {
  if (table === 'train') {
    return part(
      records.filter((record) => record.kind === 'train'),
      { sequences: 'integer', step: 'integer', loss: 'real' },
    );
  }
  const evaluations: StoredEvaluation[] = records.filter((record) => record.kind === 'evaluation');
  const metrics = Object.fromEntries(metricNames.map((name) => [name, 'real' as const]));
  const moment = { sequences: 'integer', step: 'integer', evaluator: 'text' } as const;
  if (table === 'evaluations') return part(evaluations, { ...moment, n: 'integer', ...metrics });
  if (!config.evaluate.perSequence) {
    throw new LabError(
      `${found.folder}: keeps no numbers per sequence; train with evaluate.perSequence=true, or export --table evaluations`,
    );
  }
  return perSequencePart(evaluations);
}

/** One row per record. */
function part(records: readonly StoredRecord[], types: Readonly<Record<string, ColumnType>>): Part {
  const columns = Object.entries(types).map(([name, type]) => ({
    name,
    type,
    values: records.map((record) => (record as unknown as Readonly<Record<string, Cell>>)[name]),
  }));
  return { rows: records.length, columns };
}

/** One row per sequence; `index` is its place in the evaluator's fixed set, the same at every evaluation. */
function perSequencePart(evaluations: readonly StoredEvaluation[]): Part {
  const lists = evaluations.flatMap(({ perSequence, ...record }) =>
    perSequence ? [{ record, perSequence }] : [],
  );
  const perRecord = (type: ColumnType, name: 'sequences' | 'step' | 'evaluator') => ({
    name,
    type,
    values: lists.flatMap(({ record, perSequence }) => perSequence.loss.map(() => record[name])),
  });
  const index = lists.flatMap(({ perSequence }) => perSequence.loss.map((_, i) => i));
  const metrics = metricNames.map((name) => ({
    name,
    type: 'real' as const,
    values: lists.flatMap(({ perSequence }) => perSequence[name]),
  }));
  return {
    rows: index.length,
    columns: [
      perRecord('integer', 'sequences'),
      perRecord('integer', 'step'),
      perRecord('text', 'evaluator'),
      { name: 'index', type: 'integer', values: index },
      ...metrics,
    ],
  };
}

/** A run's name; its folder where another of the runs has the same name. */
function runLabels(runs: readonly ExportedRun[]): string[] {
  const count = (name: string) => runs.filter(({ found }) => found.name === name).length;
  return runs.map(({ found }) => (count(found.name) > 1 ? found.folder : found.name));
}

/** Each run's value as often as the run has rows. */
function repeated(values: ArrayLike<Cell>, parts: readonly Part[]): Cell[] {
  return parts.flatMap(({ rows }, i) => new Array<Cell>(rows).fill(values[i]));
}

/** Settings in which any two of the configs differ, by their dotted path; one value per config. */
function settingColumns(configs: readonly RunConfig[]): Column[] {
  const changes = configs.map(
    (config) =>
      new Map(configDifferences(configs[0], config).map((difference) => [difference.path, difference])),
  );
  const paths = [...new Set(changes.flatMap((change) => [...change.keys()]))].toSorted();
  return paths.map((path) => {
    const first = changes.find((change) => change.has(path))?.get(path)?.before;
    const values = changes.map((change) => (change.has(path) ? change.get(path)?.after : first));
    return settingColumn(path, values);
  });
}

function settingColumn(name: string, values: readonly unknown[]): Column {
  const present = values.filter((value) => value !== undefined && value !== null);
  const plain = (type: ColumnType) => ({
    name,
    type,
    values: values.map((value) => (value ?? null) as Cell),
  });
  if (present.every((value) => typeof value === 'boolean')) return plain('boolean');
  if (present.every((value) => Number.isSafeInteger(value))) return plain('integer');
  if (present.every((value) => typeof value === 'number')) return plain('real');
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    name,
    type: 'text',
    values: values.map((value) => (value === undefined || value === null ? null : text(value))),
  };
}

/** What made the numbers, for a format that has room for it: `iclab.table` and, as JSON, `iclab.runs`. */
export function exportMetadata(runs: readonly ExportedRun[], table: ExportTable): Map<string, string> {
  const labels = runLabels(runs);
  const told = runs.map(({ found, config, finishedAt, start }, i) => ({
    run: labels[i],
    id: found.id ?? null,
    command: start.command,
    code: start.code,
    engine: start.engine,
    source: start.source,
    finished: finishedAt !== undefined,
    config,
  }));
  return new Map([
    ['iclab.table', table],
    ['iclab.runs', JSON.stringify(told)],
  ]);
}
