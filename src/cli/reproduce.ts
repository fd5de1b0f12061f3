/** `iclab reproduce`: the run a figure needs, then the figure, its data and its report, every claim judged. */
import { buildCommand } from '@stricli/core';
import type { ClaimVerdict } from '../../experiments/coopetition/claims/claim.ts';
import { describeRun } from '../../experiments/coopetition/run-info.ts';
import { scales, type Scale } from '../../experiments/coopetition/scale.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { visibleLine } from '../report/visible-text.ts';
import type { RunConfig } from '../runs/config.ts';
import { configHash } from '../runs/config-hash.ts';
import { looksLikeOverride } from '../runs/config-overrides.ts';
import { loadConfig } from '../runs/load-config.ts';
import { readMetrics } from '../runs/metrics-log.ts';
import { presetNamed } from '../runs/presets/index.ts';
import { readFolder, readLastStart } from '../runs/run-folder.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { dryRun, dryRunText } from './dry-run.ts';
import { outFlag, type RunFlags, runFlags } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { seedOverrides } from './run-words.ts';
import { startRun } from './start-run.ts';
import { textTable } from './text-table.ts';

/** What can be reproduced so far. */
const figures = ['fig1b'] as const;

type Figure = (typeof figures)[number];

interface ReproduceFlags extends RunFlags {
  readonly scale: Scale;
}

function reproduce(this: LabContext, flags: ReproduceFlags, ...words: string[]): Promise<void> {
  return tellingFailure(this, flags.json, () => reproduceFigures(this, flags, words));
}

async function reproduceFigures(
  context: LabContext,
  flags: ReproduceFlags,
  words: readonly string[],
): Promise<void> {
  const overrides = words.filter(looksLikeOverride);
  const named = words.filter((word) => !looksLikeOverride(word)).map(figureNamed);
  for (const figure of named.length > 0 ? new Set(named) : figures) {
    await reproduceFigure(context, figure, flags, overrides);
    if (context.process.exitCode === exitCodes.stoppedResumable) return;
  }
}

function figureNamed(word: string): Figure {
  const found = figures.find((figure) => figure === word);
  if (found) return found;
  if (scales.some((scale) => scale === word)) {
    throw new LabError(`"${word}": a scale, not a figure; did you mean --scale ${word}?`);
  }
  throw new LabError(
    `"${word}": unknown figure${didYouMean(word, figures)} (figures: ${figures.join(', ')})`,
  );
}

async function reproduceFigure(
  context: LabContext,
  figure: Figure,
  { scale, out, seed, ...flags }: ReproduceFlags,
  overrides: readonly string[],
): Promise<void> {
  const preset = presetNamed(scale);
  const plain = loadConfig({ preset });
  const config = loadConfig({ preset }, [...overrides, ...seedOverrides(seed)]);
  const isPlain = configHash(config) === configHash(plain);
  const folder = out ?? `reproduction/${figure}-${scale}${isPlain ? '' : `-${configHash(config)}`}`;
  const runFolder = `${folder}/run`;
  if (flags.dryRun) {
    const plan = await dryRun(config, runFolder);
    context.process.stdout.write(flags.json ? `${JSON.stringify({ ...plan, config })}\n` : dryRunText(plan));
    return;
  }
  const { outcome } = await startRun(context, { config, folder: runFolder, json: flags.json ?? false });
  if (outcome === 'stopped') return;
  // Loaded only now: drawing needs more than training.
  const { writeFig1bReport } = await import('../../experiments/coopetition/fig1b/report.ts');
  const { saveFig1bReport } = await import('../../experiments/coopetition/fig1b/save-report.ts');
  const { countVerdicts } = await import('../../experiments/coopetition/claims/claim.ts');
  const start = await readLastStart(nodeStorage, runFolder);
  const made = await finishedConfig(runFolder, config);
  const report = writeFig1bReport(
    await readMetrics(nodeStorage, runFolder),
    describeRun({
      scale,
      config: made,
      record: start,
      source: start.source,
      labels: made.data.labels ?? made.data.classes ?? made.data.source.classes,
      scaleSequences: plain.train.trainSequences,
    }),
  );
  const files = await saveFig1bReport(folder, report);
  const counts = countVerdicts(report.verdicts);
  if (counts.fails > 0) context.process.exitCode = exitCodes.checkFailed;
  const { stdout } = context.process;
  if (flags.json) {
    stdout.write(`${JSON.stringify({ kind: 'report', figure, files, verdicts: report.verdicts })}\n`);
    return;
  }
  stdout.write(verdictTable(report.verdicts));
  stdout.write(
    `claims of ${figure}: ${counts.holds} hold, ${counts.fails} fail, ${counts.notApplicable} not applicable ` +
      `(features: ${visibleLine(start.source)})\n${files.map((file) => `${visibleLine(file)}\n`).join('')}`,
  );
}

/** The config a finished run was made with: another length and other schedules than asked for, where it is further. */
async function finishedConfig(folder: string, wanted: RunConfig): Promise<RunConfig> {
  const { config, finishedAt } = await readFolder(nodeStorage, folder);
  const isFurther = config && finishedAt && finishedAt.sequences >= config.train.trainSequences;
  return isFurther ? config : wanted;
}

/** Claims with what was measured; those not applicable with why, one line for each reason. */
export function verdictTable(verdicts: readonly ClaimVerdict[]): string {
  const judged = verdicts.filter(({ verdict }) => verdict !== 'not applicable');
  const reasons = Map.groupBy(
    verdicts.filter(({ verdict }) => verdict === 'not applicable'),
    ({ why }) => why,
  );
  const rows = judged.map(({ id, verdict, measured, what }) =>
    [id, verdict, measured || what].map(visibleLine),
  );
  const lines = [...reasons].map(
    ([why, claims]) =>
      `  not applicable: ${visibleLine(`${claims.map(({ id }) => id).join(', ')}: ${why}`)}\n`,
  );
  return textTable(rows, '  ') + lines.join('');
}

export const reproduceCommand = buildCommand<ReproduceFlags, string[], LabContext>({
  func: reproduce,
  parameters: {
    flags: {
      scale: {
        kind: 'enum',
        values: scales,
        default: 'quick',
        brief: 'How long: smoke (seconds), quick (minutes), paper (its own rate and length)',
      },
      out: outFlag('Where figure, report and run go; default reproduction/<figure>-<scale>'),
      ...runFlags,
    },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        placeholder: 'figure|key=value',
        brief: `Figures (default all: ${figures.join(', ')}), then settings to change`,
      },
    },
  },
  docs: {
    brief: 'Run what a figure needs and draw it beside the paper',
    fullDescription: `Run what a figure needs and draw it beside the paper's own curves: figure, data and a report with every claim judged.
Ctrl-C saves and stops; the same command goes on. Exit code 1 if a claim fails.

EXAMPLES
  iclab reproduce fig1b
  iclab reproduce fig1b --scale quick --seed 102
  iclab reproduce fig1b --scale paper --out paper-scale`,
  },
});
