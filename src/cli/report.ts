/** `iclab report`: the figure and page of one's own runs, of one or of several together, at any time. */
import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { buildCommand } from '@stricli/core';
import { type ReadRun, standingText } from '../../experiments/coopetition/read-run.ts';
import { scaleOf } from '../../experiments/coopetition/run-scale.ts';
import { LabError } from '../errors/lab-error.ts';
import { formatSequences } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import { assertWritable } from '../runs/storage/assert-writable.ts';
import type { LabContext } from './context.ts';
import { jsonFlag, outFlag } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { fileList, verdictText, writeFig1b } from './report-output.ts';
import { hashOfRuns, reportSeveral, runJson, type Written } from './report-several.ts';
import { readNamedRuns } from './reported-runs.ts';

interface ReportFlags {
  readonly out?: string;
  readonly json?: boolean;
}

function report(this: LabContext, flags: ReportFlags, ...words: string[]): Promise<void> {
  return tellingFailure(this, flags.json, () => reportRuns(this, flags, words));
}

async function reportRuns(context: LabContext, flags: ReportFlags, words: readonly string[]): Promise<void> {
  if (words.length === 0) {
    throw new LabError('report: expected a run: its folder, name or id (iclab runs lists them all)');
  }
  const runs = await readNamedRuns(words);
  const folder = flags.out ?? defaultReportFolder(runs);
  for (const run of runs) await assertOutside(run, folder);
  await assertWritable(folder);
  const [first, ...others] = runs;
  const write = others.length === 0 ? reportOne(first, folder) : reportSeveral(runs, folder);
  const { json, text } = await write;
  const { stdout } = context.process;
  if (flags.json) stdout.write(`${JSON.stringify(json)}\n`);
  else stdout.write(text(stdout.isTerminal ? stdout.columns() - 1 : undefined));
}

async function reportOne(run: ReadRun, folder: string): Promise<Written> {
  const found = scaleOf(run.config);
  const { verdicts, moments, files } = await writeFig1b(run, found, folder);
  const where = standingText(run) ?? `finished, ${formatSequences(run.sequences)} sequences`;
  const { notOfScale } = found;
  const claims =
    notOfScale === undefined
      ? verdictText('fig1b', verdicts, run.record.source)
      : `claims of fig1b: none judged: ${visibleLine(notOfScale)}\n`;
  return {
    json: { kind: 'report', figure: 'fig1b', files, runs: [runJson(run)], verdicts, moments },
    text: () => visibleLine(`${nameAndId(run)}: ${where}`) + `\n${claims}${fileList(files)}`,
  };
}

function nameAndId({ name, id }: ReadRun): string {
  return id === undefined ? name : `${name} (${id})`;
}

/** Of one run by its name; of several also by which they are, so that another choice goes elsewhere. */
function defaultReportFolder(runs: readonly ReadRun[]): string {
  const [first] = runs;
  const name = first.name === first.folder ? (first.id ?? 'run') : first.name;
  if (runs.length === 1) return `reports/${name}`;
  return `reports/${name}-and-${runs.length - 1}-more-${hashOfRuns(runs)}`;
}

/** @throws {LabError} exit code 64 where a report would be written into a run */
async function assertOutside({ folder }: ReadRun, out: string): Promise<void> {
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  const [run, report] = [await real(folder), await real(out)];
  if (report !== run && !report.startsWith(run + sep)) return;
  throw new LabError(`--out: ${out} lies in the run ${folder}, which nothing else writes into; give another`);
}

export const reportCommand = buildCommand<ReportFlags, string[], LabContext>({
  func: report,
  parameters: {
    flags: {
      out: outFlag('Where figure and page go; default reports/<name of the run>'),
      json: jsonFlag('One JSON object when it is written, for programs (docs/events.md)'),
    },
    positional: {
      kind: 'array',
      parameter: { parse: String, placeholder: 'run', brief: 'Folder, name or id of a run' },
    },
  },
  docs: {
    brief: 'Draw one run, or several together, as figure and page',
    fullDescription: `Draw one run, or several together: figure (SVG, PNG), every point as CSV, and a page that says how each number was made.
Files of an earlier report are replaced; nothing is written into a run. Runs that are still going are drawn as far as they are.

EXAMPLES
  iclab report runs/sigma-0.3
  iclab report sigma-0.3 --out talk
  iclab report seed-101 seed-102 seed-103      their mean, and a band from the smallest to the largest
  iclab report runs/*                          every run there is, grouped by settings

ONE RUN
  As figure 1b, beside the paper. Its claims are judged where the run has the settings of the quick or the paper scale
  (seeds, features, length and schedules aside); the exit code is 0 whether they hold or not.

SEVERAL RUNS
  One panel per evaluator. Runs that differ in nothing but seeds are drawn with their mean where all were evaluated.`,
  },
});
