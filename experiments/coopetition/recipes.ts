/**
 * The figures of the model's mechanism: which run each needs, at how many of its moments it looks, and how its tables
 * are made. Figure 1b needs none of this: its run's own metrics are its table.
 */
import { ablationsAnalysis } from '../../src/analyse/ablations.ts';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { attentionAnalysis } from '../../src/analyse/attention.ts';
import { clampedStrengthsAnalysis } from '../../src/analyse/clamped-strengths.ts';
import { headTemperaturesAnalysis } from '../../src/analyse/head-temperatures.ts';
import { sequenceStrengthsAnalysis } from '../../src/analyse/sequence-strengths.ts';
import { graftAnalysis } from '../../src/analyse/grafts.ts';
import type { AnalysisProgress, RunAnalysis } from '../../src/analyse/run-analysis.ts';
import { curveOf, type MetricsTable } from '../../src/report/metrics-table.ts';
import { assertKept, type KeptWeights } from '../../src/runs/kept-weights.ts';
import { type AblationFigureName, ablationFigure } from './ablations/figure.ts';
import { fig13Figure } from './fig13/figure.ts';
import { fig14Figure } from './fig14/figure.ts';
import { queryAttentionFigure } from './fig2a/figure.ts';
import { fig2bFigure } from './fig2b/figure.ts';
import { fig3aFigure } from './fig3a/figure.ts';
import { fig3bFigure, fig3cFigure } from './fig3bc/figure.ts';
import { viewRun } from './claims/run-view.ts';
import {
  type DonorTime,
  type GraftedTraining,
  inductionDonors,
  lateDonor,
  paperTrainingEnd,
} from './mechanism/graft-tables.ts';
import { fig15Figure } from './fig15/figure.ts';
import type { MechanismFigure } from './mechanism/content.ts';
import type { ReadRun } from './read-run.ts';
import type { RunInfo } from './scale.ts';

export interface RecipeContext {
  readonly run: ReadRun;
  readonly info: RunInfo;
  readonly analysis: RunAnalysis;
  readonly onProgress: (progress: AnalysisProgress) => void;
  /** Metrics of figure 1b's run with the same settings, where the figure's own is another one and that was trained. */
  readonly mainTable: MetricsTable | undefined;
}

export interface Recipe {
  /** Of the run it needs, what differs from the scale's preset: nothing for the run that figure 1b trains. */
  readonly settings: readonly string[];
  /** Whether it looks at every moment whose weights are kept, or at the last alone. */
  readonly moments: 'all' | 'last';
  /** What a moment takes on two cores, where it is more than a second or so. */
  readonly effort?: string;
  readonly make: (context: RecipeContext) => Promise<MechanismFigure>;
}

/** The last moment of a run. @throws {LabError} exit code 64 where no weights are kept */
function lastMoment({ run, analysis }: RecipeContext): KeptWeights {
  assertKept(analysis.kept, run.name);
  return analysis.kept[analysis.kept.length - 1];
}

/** An analysis of the last moment alone. */
async function atEnd<Table>(context: RecipeContext, analysis: Analysis<Table>) {
  const [moment] = await context.analysis.over(analysis, [lastMoment(context)], context.onProgress);
  return moment;
}

async function queryAttention(context: RecipeContext, name: 'fig2a' | 'fig12'): Promise<MechanismFigure> {
  const moment = await atEnd(context, attentionAnalysis);
  return queryAttentionFigure(name, context.run.table, moment, context.info);
}

/** Every snapshot; of a run without any, the few checkpoints it has. */
function momentsOfTraining({ analysis, run }: RecipeContext): readonly KeptWeights[] {
  assertKept(analysis.kept, run.name);
  const snapshots = analysis.kept.filter(({ kind }) => kind === 'snapshot');
  return snapshots.length > 1 ? snapshots : analysis.kept;
}

function overTraining(context: RecipeContext) {
  return context.analysis.over(attentionAnalysis, momentsOfTraining(context), context.onProgress);
}

/** The moments of training, up to the end of the paper's figures at its scale, with half of a donor near a time. */
async function grafted(
  context: RecipeContext,
  direction: 'in' | 'out',
  { what, sequences }: DonorTime,
): Promise<GraftedTraining> {
  const { analysis, info, onProgress } = context;
  const end = info.scale === 'paper' ? paperTrainingEnd * 1.01 : Infinity;
  const all = momentsOfTraining(context).filter((moment) => moment.sequences <= end);
  const away = (moment: KeptWeights) => Math.abs(moment.sequences - sequences);
  const donor = all.reduce((nearest, moment) => (away(moment) < away(nearest) ? moment : nearest));
  const { weights, hash } = await analysis.weightsAt(donor);
  const from = direction === 'in' ? donor.sequences : 0;
  const moments = await analysis.over(
    graftAnalysis({ direction, weights, hash }),
    all.filter((moment) => moment.sequences >= from),
    onProgress,
  );
  return { what, donor: donor.sequences, moments };
}

async function grafts(context: RecipeContext): Promise<GraftedTraining[]> {
  const found: GraftedTraining[] = [];
  for (const time of inductionDonors(viewRun(context.run.table, context.info), context.info.scale))
    found.push(await grafted(context, 'in', time));
  return found;
}

async function ablations(context: RecipeContext, name: AblationFigureName): Promise<MechanismFigure> {
  const moment = await atEnd(context, ablationsAnalysis);
  return ablationFigure(name, context.run.table, moment, context.info);
}

/** 32 passes over a set. */
const ablationsTake = 'ten seconds for sets of 1,000 sequences, a minute for 5,000';
/** 88 passes over a set, with the pass over the labels. */
const clampsTake = 'half a minute for sets of 1,000 sequences, two for 5,000';

export const recipes = {
  fig2a: { settings: [], moments: 'last', make: (context) => queryAttention(context, 'fig2a') },
  fig2b: {
    settings: [],
    moments: 'last',
    effort: clampsTake,
    make: async (context) =>
      fig2bFigure(context.run.table, await atEnd(context, clampedStrengthsAnalysis), context.info),
  },
  fig3a: {
    settings: [],
    moments: 'all',
    make: async (context) => fig3aFigure(context.run.table, await overTraining(context), context.info),
  },
  fig3b: {
    settings: [],
    moments: 'all',
    make: async (context) => {
      const donor = lateDonor(viewRun(context.run.table, context.info), context.info.scale);
      return fig3bFigure(context.run.table, await grafted(context, 'out', donor), context.info);
    },
  },
  fig3c: {
    settings: [],
    moments: 'all',
    effort: 'a few seconds each, for three donors',
    make: async (context) => fig3cFigure(context.run.table, await grafts(context), context.info),
  },
  fig12: { settings: [], moments: 'last', make: (context) => queryAttention(context, 'fig12') },
  fig13: {
    settings: ['model.depth=1'],
    moments: 'last',
    effort: clampsTake,
    make: async (context) => {
      const moment = await atEnd(context, attentionAnalysis);
      const { table: clamped } = await atEnd(context, clampedStrengthsAnalysis);
      const { mainTable } = context;
      const twoBlocksCiwl = mainTable && curveOf(mainTable, 'ciwl', 'inContextAccuracy');
      return fig13Figure(context.run.table, { moment, clamped, twoBlocksCiwl }, context.info);
    },
  },
  fig14: {
    settings: [],
    moments: 'all',
    make: async (context) => fig14Figure(context.run.table, await overTraining(context), context.info),
  },
  fig15: {
    settings: [],
    moments: 'last',
    effort: 'two minutes for sets of 1,000 sequences, ten for 5,000',
    make: async (context) => {
      const moment = await atEnd(context, sequenceStrengthsAnalysis('train'));
      const { table: heated } = await atEnd(context, headTemperaturesAnalysis);
      return fig15Figure(context.run.table, { ...moment, heated }, context.info);
    },
  },
  sec4: {
    settings: [],
    moments: 'last',
    effort: ablationsTake,
    make: (context) => ablations(context, 'sec4'),
  },
  appc1: {
    settings: [],
    moments: 'last',
    effort: ablationsTake,
    make: (context) => ablations(context, 'appc1'),
  },
} as const satisfies Readonly<Record<string, Recipe>>;

export type MechanismName = keyof typeof recipes;
