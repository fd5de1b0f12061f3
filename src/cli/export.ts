/** `iclab export`: the metrics of runs as a table for pandas, R and spreadsheets, in CSV or Parquet. */
import { resolve } from 'node:path';
import { buildCommand } from '@stricli/core';
import { LabError } from '../errors/lab-error.ts';
import { writeParquet } from '../formats/parquet.ts';
import { visibleLine } from '../report/visible-text.ts';
import { type FoundRun, resolveRun } from '../runs/find-runs.ts';
import {
  exportMetadata,
  type ExportTable,
  exportTable,
  exportTables,
  readExportedRun,
} from '../runs/metrics-export.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { csvBytes, csvParts } from './export-csv.ts';
import { defaultExportFile, exportFormat, refuseTakenPath, saveExport } from './export-file.ts';
import { jsonFlag } from './flags.ts';
import { tellingFailure } from './json-failure.ts';

interface ExportFlags {
  readonly csv?: boolean;
  readonly parquet?: boolean;
  readonly table: ExportTable;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** As `--out`: the table goes to stdout. */
const toStdout = '-';

function exportRuns(this: LabContext, flags: ExportFlags, ...words: string[]): Promise<void> {
  return tellingFailure(this, flags.json, () => writeExport(this, flags, words));
}

async function writeExport(
  { process: { stdout } }: LabContext,
  { table, out, force = false, json = false, ...wish }: ExportFlags,
  words: readonly string[],
): Promise<void> {
  if (words.length === 0)
    throw new LabError('export: no run given; name one by folder, name or id (iclab runs lists them)');
  const format = exportFormat(wish, out);
  if (out === toStdout && format === 'parquet') {
    throw new LabError('--out -: Parquet is no text; give --out a file, or --csv');
  }
  if (out === toStdout && json)
    throw new LabError('--out -, --json: both write to stdout; keep one of the two');
  const found = await runsMeant(words);
  const path =
    out ??
    defaultExportFile(
      found.map(({ name }) => name),
      table,
      format,
    );
  if (path !== toStdout) await refuseTakenPath(path, force, '--out', 'runs.csv');
  const runs = [];
  for (const run of found) runs.push(await readExportedRun(nodeStorage, run));
  const content = exportTable(runs, table);
  if (path === toStdout) {
    for (const part of csvParts(content)) stdout.write(part);
    return;
  }
  const bytes = format === 'csv' ? csvBytes(content) : writeParquet(content, exportMetadata(runs, table));
  await saveExport(nodeStorage, path, bytes, force);
  if (json) {
    const told = runs.map(({ found: { folder, name, id } }) => ({ folder, name, id }));
    stdout.write(
      `${JSON.stringify({ kind: 'export', file: path, format, table, rows: content.rows, runs: told })}\n`,
    );
    return;
  }
  const of = found.length === 1 ? found[0].name : `${found.length} runs`;
  stdout.write(
    `${visibleLine(`${path}: ${content.rows} ${content.rows === 1 ? 'row' : 'rows'} (${table} of ${of})`)}\n`,
  );
}

/** @throws {LabError} exit code 64 where a word means no run, or two mean the same */
async function runsMeant(words: readonly string[]): Promise<FoundRun[]> {
  const wordOf = new Map<string, string>();
  const found: FoundRun[] = [];
  for (const word of words) {
    const run = await resolveRun(nodeStorage, word);
    const place = resolve(run.folder);
    const earlier = wordOf.get(place);
    if (earlier !== undefined)
      throw new LabError(`"${word}": the same run as "${earlier}"; give each run once`);
    wordOf.set(place, word);
    found.push(run);
  }
  return found;
}

/** For stricli. @throws {Error} which it turns into its message */
function parseOut(text: string): string {
  if (text.trim() === '') throw new Error('expected a file, or - for stdout');
  return text;
}

export const exportCommand = buildCommand<ExportFlags, string[], LabContext>({
  func: exportRuns,
  parameters: {
    flags: {
      csv: { kind: 'boolean', optional: true, withNegated: false, brief: 'As CSV (the default)' },
      parquet: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: 'As Parquet, with types and, in its metadata, what made the numbers',
      },
      table: {
        kind: 'enum',
        values: exportTables,
        default: 'evaluations',
        brief: 'Means per evaluator, training losses, or numbers per sequence',
      },
      out: {
        kind: 'parsed',
        parse: parseOut,
        optional: true,
        placeholder: 'file',
        brief: 'Where it goes, - for stdout; default <run>.csv or <run>.parquet here',
      },
      force: { kind: 'boolean', optional: true, withNegated: false, brief: 'Replace a file that is there' },
      json: jsonFlag('Say what was written as one JSON object'),
    },
    positional: {
      kind: 'array',
      parameter: { parse: String, placeholder: 'run', brief: 'Runs: folder, name or id' },
    },
  },
  docs: {
    brief: 'Write the metrics of runs as CSV or Parquet',
    fullDescription: `Write the metrics of runs as one table, for pandas, R or a spreadsheet (docs/python.md). A run in progress gives what is there.

EXAMPLES
  iclab export runs/sigma-0.3                     sigma-0.3.csv: a row per moment and evaluator
  iclab export sigma-0.3 sigma-0.8 --parquet      runs.parquet; what differs is a column: data.source.sigma
  iclab export sigma-0.3 --table train            sigma-0.3-train.csv: the training loss
  iclab export sigma-0.3 --out - | head

TABLES
  evaluations   run, id, sequences, step, evaluator, n, then the eight metrics, means over n sequences
  train         run, id, sequences, step, loss (mean since the row before)
  per-sequence  as evaluations, a row per sequence; needs a run with evaluate.perSequence=true
  With several runs every setting in which they differ is a further column.`,
  },
});
