/** `iclab reproduce` of a figure of the mechanism: the run it needs, shared with figure 1b where it can be, and its report. */
import { type ClaimVerdict, countVerdicts } from '../../experiments/coopetition/claims/claim.ts';
import { type ReadRun, readRun } from '../../experiments/coopetition/read-run.ts';
import { type MechanismName, type Recipe, recipes } from '../../experiments/coopetition/recipes.ts';
import type { Scale } from '../../experiments/coopetition/scale.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { formatBytes, formatCount, formatSequences } from '../report/format.ts';
import type { MetricsTable } from '../report/metrics-table.ts';
import { configHash } from '../runs/config-hash.ts';
import { reproducedRun, resolveRun } from '../runs/find-runs.ts';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed } from '../runs/presets/index.ts';
import { doneFile } from '../runs/run-files.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { createAnalysisOutput } from './analysis-output.ts';
import type { LabContext } from './context.ts';
import { type DryRun, dryRun, dryRunText } from './dry-run.ts';
import { type RunFlags, vectorWish } from './flags.ts';
import { fileList, readingEnvironment, verdictText } from './report-output.ts';
import { madeRun, type Reproduction } from './reproduce-several.ts';
import { configsForSeeds } from './run-list.ts';
import { startRun } from './start-run.ts';

interface MechanismPlan extends Reproduction {
  readonly recipe: Recipe;
  /** What the scale's run takes, in words; undefined where settings differ from it. */
  readonly cost: string | undefined;
  /** Where figure 1b's run with the same settings is, where this figure's is another one. */
  readonly mainFolder: string | undefined;
}

/** Figures with a recipe. */
export const mechanismNames = Object.keys(recipes) as MechanismName[];

export function isMechanism(figure: string): figure is MechanismName {
  return Object.hasOwn(recipes, figure);
}

/**
 * Trains what is missing, measures and draws; of several seeds one after the other.
 * @throws {LabError} as `startRun`; 64 where a run has kept no weights, 65 where some are damaged, 73
 */
export async function reproduceMechanism(
  context: LabContext,
  figure: MechanismName,
  flags: RunFlags & { readonly scale: Scale },
  overrides: readonly string[],
): Promise<void> {
  for (const plan of plansOf(figure, flags, overrides)) {
    await reproduceOne(context, figure, plan, flags);
    if (context.process.exitCode === exitCodes.stoppedResumable) return;
  }
}

function plansOf(
  figure: MechanismName,
  flags: RunFlags & { readonly scale: Scale },
  overrides: readonly string[],
): MechanismPlan[] {
  const { scale, out } = flags;
  const preset = presetNamed(scale);
  const recipe: Recipe = recipes[figure];
  const plain = loadConfig({ preset }, recipe.settings);
  const mains = configsForSeeds({ preset }, overrides, flags);
  const configs = configsForSeeds({ preset }, [...recipe.settings, ...overrides], flags);
  return configs.map((config, i): MechanismPlan => {
    const isPlain = configHash(config) === configHash(plain);
    const isOne = configs.length === 1 && out !== undefined;
    const place = (name: string, of: string) =>
      `${out ?? 'reproduction'}/${name}-${scale}${isPlain ? '' : `-${of}`}`;
    const main = `${isOne ? out : place('fig1b', configHash(mains[i]))}/${reproducedRun}`;
    const reportFolder = isOne ? `${out}/${figure}` : place(figure, configHash(config));
    // Figures whose run is figure 1b's share it; any other run is its figure's own.
    const isShared = recipe.settings.length === 0;
    const isPlanned = isShared && config.train.trainSequences === plain.train.trainSequences;
    return {
      name: configs.length === 1 ? figure : `seed ${config.seeds.init}`,
      config,
      folder: isShared ? main : `${reportFolder}/${reproducedRun}`,
      reportFolder,
      found: { scale, scaleSequences: plain.train.trainSequences },
      recipe,
      cost: isPlanned ? preset.cost : undefined,
      mainFolder: isShared ? undefined : main,
    };
  });
}

async function reproduceOne(
  context: LabContext,
  figure: MechanismName,
  plan: MechanismPlan,
  flags: RunFlags,
): Promise<void> {
  const { config, folder } = plan;
  const { stdout } = context.process;
  const { json = false, threads } = flags;
  const dry = await dryRun(config, folder);
  const line = `${costLine(figure, dry, plan)}\n`;
  if (flags.dryRun) {
    stdout.write(json ? `${JSON.stringify({ ...dry, config })}\n` : line + dryRunText(dry));
    return;
  }
  if (!json) stdout.write(line);
  const { outcome } = await startRun(context, { config, folder, json, vectors: vectorWish(flags), threads });
  if (outcome === 'stopped') return;
  const made = await madeRun(plan);
  const { verdicts, files } = await writeMechanism(context, plan, made, flags);
  if (countVerdicts(verdicts).fails > 0) context.process.exitCode = exitCodes.checkFailed;
  if (json) stdout.write(`${JSON.stringify({ kind: 'report', figure, files, verdicts })}\n`);
  else stdout.write(verdictText(figure, verdicts, made.record.source) + fileList(files));
}

/** What a figure is going to take, before anything is begun. */
function costLine(
  figure: MechanismName,
  { state, from, plan }: DryRun,
  { cost, recipe }: MechanismPlan,
): string {
  const moments = recipe.moments === 'last' ? 1 : Math.max(1, plan.snapshots);
  const looks = `looks at ${moments} ${moments === 1 ? 'moment' : 'moments'} of it, ${recipe.effort ?? 'a second or so each'}`;
  const takes = cost ?? `${formatCount(plan.steps)} steps, ${formatBytes(plan.diskBytes)} on disk`;
  switch (state) {
    case 'finished':
      return `${figure}: its run is there; ${looks}`;
    case 'goOn':
      return `${figure}: its run goes on from ${formatSequences(from ?? 0)} sequences (in all ${takes}); then ${looks}`;
    case 'new':
      return `${figure}: first trains the run it needs (${takes}); then ${looks}`;
  }
}

/** From the kept weights of a run to the files of its report. */
async function writeMechanism(
  context: LabContext,
  { recipe, found, reportFolder, mainFolder }: MechanismPlan,
  run: ReadRun,
  { threads, json = false }: RunFlags,
): Promise<{ verdicts: readonly ClaimVerdict[]; files: readonly string[] }> {
  // Loaded only now: drawing and measuring need more than training.
  const { RunAnalysis } = await import('../analyse/run-analysis.ts');
  const { mechanismReport } = await import('../../experiments/coopetition/mechanism/report.ts');
  const { describeRun } = await import('../../experiments/coopetition/run-info.ts');
  const { saveReport } = await import('../../experiments/coopetition/save-report.ts');
  const { config } = run;
  const analysis = await RunAnalysis.open({ storage: nodeStorage, folder: run.folder, config, threads });
  const output = createAnalysisOutput(context, json);
  const info = describeRun(run, found);
  const mainTable = await mainTableOf(mainFolder);
  try {
    const onProgress = output.onProgress.bind(output);
    const figure = await recipe.make({ run, info, analysis, onProgress, mainTable });
    const files = await saveReport(reportFolder, figure.name, mechanismReport(figure, info));
    return { verdicts: figure.verdicts, files };
  } finally {
    output.finish();
    await analysis.close();
  }
}

/** Metrics of a run that is finished. */
async function mainTableOf(folder: string | undefined): Promise<MetricsTable | undefined> {
  if (folder === undefined || !(await nodeStorage.status(`${folder}/${doneFile}`))) return undefined;
  const { table, state } = await readRun(readingEnvironment(), await resolveRun(nodeStorage, folder));
  return state === 'finished' ? table : undefined;
}
