/** `iclab reproduce`: the run a figure needs, then the figure, its data and its report, every claim judged. */
import { buildCommand } from '@stricli/core';
import { describeRun } from '../../experiments/coopetition/run-info.ts';
import { scales, type Scale } from '../../experiments/coopetition/scale.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { visibleLine } from '../report/visible-text.ts';
import { configHash } from '../runs/config-hash.ts';
import { looksLikeOverride } from '../runs/config-overrides.ts';
import { loadConfig } from '../runs/load-config.ts';
import { readMetrics } from '../runs/metrics-log.ts';
import { presetNamed } from '../runs/presets/index.ts';
import { readFirstStart } from '../runs/run-folder.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { dryRun, dryRunText } from './dry-run.ts';
import { parseSeed, seedOverrides } from './run-words.ts';
import { startRun } from './start-run.ts';
import { textTable } from './text-table.ts';

/** What can be reproduced so far. */
const figures = ['fig1b'] as const;

type Figure = (typeof figures)[number];

interface ReproduceFlags {
  readonly scale: Scale;
  readonly out?: string;
  readonly seed?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

async function reproduce(this: LabContext, flags: ReproduceFlags, ...words: string[]): Promise<void> {
  const overrides = words.filter(looksLikeOverride);
  const named = words.filter((word) => !looksLikeOverride(word)).map(figureNamed);
  for (const figure of named.length > 0 ? new Set(named) : figures) {
    await reproduceFigure(this, figure, flags, overrides);
    if (this.process.exitCode === exitCodes.stoppedResumable) return;
  }
}

function figureNamed(word: string): Figure {
  const found = figures.find((figure) => figure === word);
  if (found) return found;
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
  const start = await readFirstStart(nodeStorage, runFolder);
  const report = writeFig1bReport(
    await readMetrics(nodeStorage, runFolder),
    describeRun({
      scale,
      config,
      record: start,
      source: start.source,
      labels: config.data.labels ?? config.data.classes ?? config.data.source.classes,
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
  const rows = report.verdicts.map(({ id, verdict, measured, what }) =>
    [id, verdict, measured || what].map(visibleLine),
  );
  stdout.write(textTable(rows, '  '));
  stdout.write(
    `claims of ${figure}: ${counts.holds} hold, ${counts.fails} fail, ${counts.notApplicable} not applicable ` +
      `(features: ${visibleLine(start.source)})\n${files.map((file) => `${visibleLine(file)}\n`).join('')}`,
  );
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
      out: {
        kind: 'parsed',
        parse: String,
        optional: true,
        placeholder: 'folder',
        brief: 'Where figure, report and run go; default reproduction/<figure>-<scale>',
      },
      seed: {
        kind: 'parsed',
        parse: parseSeed,
        optional: true,
        placeholder: 'n',
        brief: 'Sets seeds.init, seeds.train and data.source.seed',
      },
      dryRun: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: 'Check everything, say what it would do, write nothing',
      },
      json: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: 'One JSON object per event, for programs',
      },
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
