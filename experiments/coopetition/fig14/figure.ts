/** Figure 14: what label tokens of the first block look at over training, on four evaluators. Pure. */
import { labelAttentionCurves, type LabelTarget } from '../../../src/analyse/attention-readouts.ts';
import { type Curve, peakOf } from '../../../src/evaluate/curve.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { fig14Claims } from '../claims/label-attention-claims.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { viewRun } from '../claims/run-view.ts';
import { paperFig14Curve, paperFig14Heads } from '../data/fig14-curves.ts';
import { paperSequences } from '../data/paper-curve.ts';
import { seriesStyles } from '../fig1b/series.ts';
import { type AttentionMoment, isEarlyScale } from '../mechanism/attention-tables.ts';
import type { LinesPanel, MechanismFigure } from '../mechanism/content.ts';
import { curveRows, line } from '../mechanism/series.ts';
import { headsFromZero } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';

const evaluators = ['train', 'icl', 'ciwl', 'flip'] as const;
const targets: readonly LabelTarget[] = ['previous', 'self'];
const targetWords: Readonly<Record<LabelTarget, string>> = {
  previous: 'label to the exemplar before',
  self: 'label to itself',
};

/** From here on a head counts as one that looks back; before, in the untrained model, all do. */
const looksBack = 0.1;

/** Heads that look back once Flip has begun to rise, most first; the others are drawn thin. */
function notableHeads(curves: readonly Curve[], emergence: number): number[] {
  return curves
    .map((curve, head) => ({ head, most: peakOf(curve, emergence)?.value ?? 0 }))
    .filter(({ most }) => most >= looksBack)
    .toSorted((a, b) => b.most - a.most)
    .map(({ head }) => head);
}

const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1];

export function fig14Figure(
  metrics: MetricsTable,
  moments: readonly AttentionMoment[],
  info: RunInfo,
): MechanismFigure {
  const run = viewRun(metrics, info);
  const end = Math.max(info.trainSequences, moments.at(-1)?.sequences ?? 0, 1);
  const emergence = run.moments[1]?.sequences ?? 0;
  const notable = notableHeads(labelAttentionCurves(moments, 'train', 0, 'previous'), emergence);
  const ours = targets.flatMap((target) =>
    evaluators.map((evaluator): LinesPanel => {
      const curves = labelAttentionCurves(moments, evaluator, 0, target);
      return {
        kind: 'lines',
        heading: `${seriesStyles[evaluator].name}: ${targetWords[target]}`,
        series: curves.map((curve, head) =>
          notable.includes(head) ? line(curve, `head ${head}`, head) : line(curve, '', 'quiet'),
        ),
        x: { kind: 'sequences', end, isRoot: isEarlyScale(info.scale) },
        y: { label: 'attention', ticks: tenths },
      };
    }),
  );
  const theirs = targets.flatMap((target) =>
    (['train', 'icl'] as const).map(
      (evaluator): LinesPanel => ({
        kind: 'lines',
        heading: `The paper, ${seriesStyles[evaluator].name}: ${target === 'self' ? 'itself' : 'before'}`,
        series: paperFig14Heads.map((head) =>
          line(paperFig14Curve(target, evaluator, head), `head ${head}`, Number(head)),
        ),
        x: { kind: 'sequences', end: paperSequences },
        y: { label: 'attention', ticks: target === 'self' ? tenths : [0, 0.1, 0.2, 0.3] },
      }),
    ),
  );
  return {
    name: 'fig14',
    number: 'Figure 14',
    title: 'heads of the first block that look from a label back at its exemplar',
    columns: 4,
    panels: [...ours, ...theirs],
    caption: [
      `Attention of label tokens in block 0, mean over both labels and over both places of the correct one, at ${moments.length} moments. ` +
        `Heads with .1 or more on the exemplar before once Flip has risen through .5 are named, the others thin and grey. ${headsFromZero} ` +
        'The paper’s panels: its heads 1, 4 and 7, digitised, at its own rate; which head does it is a matter of the seed; what lies above their axis is left out.',
    ],
    reading: [
      'To copy the label of the exemplar that is like the query, the second block must find that label. A head of the first block that looks from a label back at its exemplar writes there which exemplar it belongs to.',
      'In the paper one head does so while ICL rules, and less and less as it fades; the others look at the label itself.',
    ],
    method: [
      'Means over the sequences whose correct label stands first and over those whose stands second are averaged, each counted alike, as the paper does; then over the labels.',
      'The paper’s curves were digitised from its figure, values within .005 (.01 where curves overlap), times within 300,000 sequences.',
    ],
    csv: {
      header: ['series', 'evaluator', 'to', 'head', 'sequences', 'attention', 'source'],
      rows: targets.flatMap((target) =>
        evaluators.flatMap((evaluator) => [
          ...curveRows(
            labelAttentionCurves(moments, evaluator, 0, target).map((curve, head) => ({ name: head, curve })),
            ['run', evaluator, target],
            [info.source],
          ),
          ...curveRows(
            paperFig14Heads.map((head) => ({
              name: Number(head),
              curve: paperFig14Curve(target, evaluator, head),
            })),
            ['paper', evaluator, target],
            ['arXiv 2503.05631, figure 14, digitised'],
          ),
        ]),
      ),
    },
    verdicts: judgeMechanism(fig14Claims, run, moments, info),
  };
}
