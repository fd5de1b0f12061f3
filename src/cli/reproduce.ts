/** `iclab reproduce`: the runs a figure needs, then the figure, its data and its report, every claim judged. */
import { buildCommand } from '@stricli/core';
import { countVerdicts } from '../../experiments/coopetition/claims/claim.ts';
import { scales, type Scale } from '../../experiments/coopetition/scale.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { configHash } from '../runs/config-hash.ts';
import { looksLikeOverride } from '../runs/config-overrides.ts';
import { reproducedRun } from '../runs/find-runs.ts';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed } from '../runs/presets/index.ts';
import type { LabContext } from './context.ts';
import { outFlag, type RunFlags, runFlags, vectorWish } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { fileList, verdictText } from './report-output.ts';
import { isMechanism, mechanismNames, reproduceMechanism } from './reproduce-mechanism.ts';
import { type Reproduction, reportReproduction, reproduceSeveral } from './reproduce-several.ts';
import { assertApart, configsForSeeds } from './run-list.ts';
import { tellDryRuns } from './several-dry-run.ts';
import { startRun } from './start-run.ts';

const main = 'fig1b';

const figures = [main, ...mechanismNames] as const;

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
  const named = words.filter((word) => !looksLikeOverride(word)).flatMap(figuresNamed);
  for (const figure of new Set<Figure>(named.length > 0 ? named : [main])) {
    if (isMechanism(figure)) await reproduceMechanism(context, figure, flags, overrides);
    else await reproduceFigure(context, figure, flags, overrides);
    if (context.process.exitCode === exitCodes.stoppedResumable) return;
  }
}

function figuresNamed(word: string): readonly Figure[] {
  if (word === 'all') return figures;
  const found = figures.find((figure) => figure === word);
  if (found) return [found];
  if (scales.some((scale) => scale === word)) {
    throw new LabError(`"${word}": a scale, not a figure; did you mean --scale ${word}?`);
  }
  throw new LabError(
    `"${word}": unknown figure${didYouMean(word, figures)} (figures: ${figures.join(', ')}; all)`,
  );
}

async function reproduceFigure(
  context: LabContext,
  figure: typeof main,
  flags: ReproduceFlags,
  overrides: readonly string[],
): Promise<void> {
  const { scale, out } = flags;
  const preset = presetNamed(scale);
  const plain = loadConfig({ preset });
  const configs = configsForSeeds({ preset }, overrides, flags);
  const found = { scale, scaleSequences: plain.train.trainSequences };
  const reproductions = configs.map((config): Reproduction => {
    const isPlain = configHash(config) === configHash(plain);
    const own = `${figure}-${scale}${isPlain ? '' : `-${configHash(config)}`}`;
    const folder = configs.length === 1 && out !== undefined ? out : `${out ?? 'reproduction'}/${own}`;
    const name = configs.length === 1 ? figure : `seed ${config.seeds.init}`;
    return { name, config, found, reportFolder: folder, folder: `${folder}/${reproducedRun}` };
  });
  assertApart(reproductions);
  if (flags.dryRun) await tellDryRuns(context, reproductions, flags);
  else if (reproductions.length > 1) await reproduceSeveral(context, figure, reproductions, flags);
  else await reproduceOne(context, figure, reproductions[0], flags);
}

async function reproduceOne(
  context: LabContext,
  figure: typeof main,
  reproduction: Reproduction,
  flags: ReproduceFlags,
): Promise<void> {
  const { config, folder } = reproduction;
  const { json = false, threads } = flags;
  const run = { config, folder, json, vectors: vectorWish(flags), threads };
  const { outcome } = await startRun(context, run);
  if (outcome === 'stopped') return;
  const { made, verdicts, files } = await reportReproduction(reproduction);
  if (countVerdicts(verdicts).fails > 0) context.process.exitCode = exitCodes.checkFailed;
  const { stdout } = context.process;
  if (json) stdout.write(`${JSON.stringify({ kind: 'report', figure, files, verdicts })}\n`);
  else stdout.write(verdictText(figure, verdicts, made.record.source) + fileList(files));
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
      out: outFlag(
        'Where figure, report and run go, or the folders of several; default reproduction/<figure>-<scale>',
      ),
      ...runFlags,
    },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        placeholder: 'figure|key=value',
        brief: `Figures (${figures.join(', ')}, or all; default fig1b), then settings to change`,
      },
    },
  },
  docs: {
    brief: 'Run what a figure needs and draw it beside the paper',
    fullDescription: `Run what a figure needs and draw it beside the paper's own curves: figure, data and a report with every claim judged.
Figures share the run they need: it is trained once, with the first of them, and what it takes is said beforehand.
Ctrl-C saves and stops; the same command goes on. Exit code 1 if a claim fails.

EXAMPLES
  iclab reproduce fig1b
  iclab reproduce fig1b --scale quick --seed 102
  iclab reproduce fig1b --seeds 101..105              as many at once as there are cores, then all in one figure
  iclab reproduce fig1b --scale paper --out paper-scale
  iclab reproduce fig2a fig14       where heads look in the end, and over training
  iclab reproduce all --dry-run     what everything would take`,
  },
});
