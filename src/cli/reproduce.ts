/** `iclab reproduce`: the run a figure needs, then the figure, its data and its report, every claim judged. */
import { buildCommand } from '@stricli/core';
import { countVerdicts } from '../../experiments/coopetition/claims/claim.ts';
import { type ReadRun, readRun } from '../../experiments/coopetition/read-run.ts';
import { scales, type Scale } from '../../experiments/coopetition/scale.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import type { RunConfig } from '../runs/config.ts';
import { configHash } from '../runs/config-hash.ts';
import { looksLikeOverride } from '../runs/config-overrides.ts';
import { reproducedRun, resolveRun } from '../runs/find-runs.ts';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed } from '../runs/presets/index.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { dryRun, dryRunText } from './dry-run.ts';
import { outFlag, type RunFlags, runFlags, vectorWish } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { fileList, readingEnvironment, verdictText, writeFig1b } from './report-output.ts';
import { seedOverrides } from './run-words.ts';
import { startRun } from './start-run.ts';

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
  const runFolder = `${folder}/${reproducedRun}`;
  if (flags.dryRun) {
    const plan = await dryRun(config, runFolder);
    context.process.stdout.write(flags.json ? `${JSON.stringify({ ...plan, config })}\n` : dryRunText(plan));
    return;
  }
  const { outcome } = await startRun(context, {
    config,
    folder: runFolder,
    json: flags.json ?? false,
    vectors: vectorWish(flags),
    threads: flags.threads,
  });
  if (outcome === 'stopped') return;
  const made = await madeRun(runFolder, config);
  const found = { scale, scaleSequences: plain.train.trainSequences };
  const { verdicts, files } = await writeFig1b(made, found, folder);
  if (countVerdicts(verdicts).fails > 0) context.process.exitCode = exitCodes.checkFailed;
  const { stdout } = context.process;
  if (flags.json) {
    stdout.write(`${JSON.stringify({ kind: 'report', figure, files, verdicts })}\n`);
    return;
  }
  stdout.write(verdictText(figure, verdicts, made.record.source) + fileList(files));
}

/** The run as it was made: of another length and on other schedules than asked for, where it is further. */
async function madeRun(folder: string, wanted: RunConfig): Promise<ReadRun> {
  const run = await readRun(readingEnvironment(), await resolveRun(nodeStorage, folder));
  return run.state === 'finished' ? run : { ...run, state: 'finished', config: wanted };
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
