/** The five curves of figure 1b: what each shows, and how it is drawn in any picture of them. */
import { type Curve, lastSequencesOf } from '../../../src/evaluate/curve.ts';
import type { MetricName } from '../../../src/evaluate/metrics.ts';
import { curveOf, type MetricsTable } from '../../../src/report/metrics-table.ts';
import { labelInk, okabeIto } from '../../../src/report/palette.ts';
import { paperCurves } from '../data/paper-curve.ts';

/** In the order they are named in text. */
export const fig1bEvaluators = ['train', 'icl', 'ciwl', 'flip', 'iwl'] as const;

export type Fig1bEvaluator = (typeof fig1bEvaluators)[number];

interface SeriesStyle {
  /** As the papers write it. */
  readonly name: string;
  /** IWL has no label to choose among in its context, so its accuracy over all labels is drawn. */
  readonly metric: MetricName;
  readonly stroke: string;
  readonly labelFill: string;
  /** SVG dash pattern; each curve has its own, for readers without colour. */
  readonly dash: string;
}

export const seriesStyles: Readonly<Record<Fig1bEvaluator, SeriesStyle>> = {
  train: {
    name: 'train',
    metric: 'inContextAccuracy',
    stroke: okabeIto.black,
    labelFill: labelInk.black,
    dash: '2 2',
  },
  icl: {
    name: 'ICL',
    metric: 'inContextAccuracy',
    stroke: okabeIto.blue,
    labelFill: labelInk.blue,
    dash: '9 3',
  },
  ciwl: {
    name: 'CIWL',
    metric: 'inContextAccuracy',
    stroke: okabeIto.vermillion,
    labelFill: labelInk.vermillion,
    dash: 'none',
  },
  flip: {
    name: 'Flip',
    metric: 'inContextAccuracy',
    stroke: okabeIto.green,
    labelFill: labelInk.green,
    dash: '5 3',
  },
  iwl: {
    name: 'IWL',
    metric: 'accuracy',
    stroke: okabeIto.purple,
    labelFill: labelInk.purple,
    dash: '9 3 2 3',
  },
};

/** One curve per evaluator; empty where an evaluator was not measured. */
export type Fig1bCurves = Readonly<Record<Fig1bEvaluator, Curve>>;

/** The run's curves. */
export function runCurves(table: MetricsTable): Fig1bCurves {
  const curve = (evaluator: Fig1bEvaluator): Curve =>
    curveOf(table, evaluator, seriesStyles[evaluator].metric);
  return {
    train: curve('train'),
    icl: curve('icl'),
    ciwl: curve('ciwl'),
    flip: curve('flip'),
    iwl: curve('iwl'),
  };
}

/** The paper's curves; it shows no IWL. */
export function paperFig1bCurves(): Fig1bCurves {
  return { ...paperCurves(), iwl: [] };
}

/** Sequences seen at the last point of any curve; 0 where all are empty. */
export function endOf(curves: Fig1bCurves): number {
  return Math.max(0, ...fig1bEvaluators.map((evaluator) => lastSequencesOf(curves[evaluator]) ?? 0));
}
