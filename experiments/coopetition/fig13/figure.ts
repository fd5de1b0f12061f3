/**
 * Figure 13: a model of one block. a: its curves over training; b, c: where its query looks; d: its heads clamped. Pure.
 */
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { fig13Claims, type OneBlockTables } from '../claims/one-block-claims.ts';
import { viewRun } from '../claims/run-view.ts';
import { paperFig13aCurves } from '../data/fig13a-curves.ts';
import { paperSequences } from '../data/paper-curve.ts';
import { queryHeatmap, queryHeader, queryRows } from '../fig2a/figure.ts';
import { clampedPanel, clampedRows } from '../fig2b/figure.ts';
import { runCurves, seriesStyles } from '../fig1b/series.ts';
import { isEarlyScale } from '../mechanism/attention-tables.ts';
import type { LinesPanel, MechanismFigure } from '../mechanism/content.ts';
import { curveRows, line } from '../mechanism/series.ts';
import { headsFromZero, momentSentence } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';

const evaluators = ['icl', 'ciwl', 'flip'] as const;
const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** Means over the paper's heads, read off its colours to within .01. */
const paperMeans = { first: [0.02, 0.801, 0.02, 0.168, 0.02], second: [0.02, 0.168, 0.02, 0.802, 0.02] };

export function fig13Figure(metrics: MetricsTable, tables: OneBlockTables, info: RunInfo): MechanismFigure {
  const run = viewRun(metrics, info);
  const curves = runCurves(metrics);
  const paper = paperFig13aCurves();
  const end = Math.max(info.trainSequences, run.end, 1);
  const lines = (heading: string, of: typeof paper, x: LinesPanel['x']): LinesPanel => ({
    kind: 'lines',
    heading,
    series: evaluators.map((name, i) => line(of[name], seriesStyles[name].name, i)),
    x,
    y: { label: 'in-context accuracy', ticks: tenths },
    level: 0.5,
  });
  const { moment } = tables;
  return {
    name: 'fig13',
    number: 'Figure 13',
    title: 'one block learns CIWL, and never ICL',
    columns: 2,
    panels: [
      lines('a: this run', curves, { kind: 'sequences', end, isRoot: isEarlyScale(info.scale) }),
      lines('a: the paper (digitised)', paper, { kind: 'sequences', end: paperSequences }),
      queryHeatmap(moment, 0, 'b: correct label first', paperMeans.first),
      queryHeatmap(moment, 1, 'c: correct label second', paperMeans.second),
      clampedPanel(tables.clamped, 'd: each head alone, clamped'),
    ],
    caption: [
      'a: mean in-context accuracy over each evaluator’s set. b, c: mean attention from the query over CIWL sequences, by the place of the correct label. d: as figure 2b; in the paper .924 to .958 at 1, .038 to .087 at -1. ' +
        `${momentSentence(moment.sequences)} ${headsFromZero} The paper's rows: means over its heads at 64M; it gives no number for exemplars and query (drawn as .02).`,
    ],
    reading: [
      'Matching an exemplar with the query takes two steps: a first block must tell each label which exemplar it belongs to, before a second can look for the like one. With one block that is impossible, so ICL stays at chance.',
      'Looking for the label that the weights call for takes one step. CIWL comes, and without a rival it comes earlier.',
    ],
    method: [
      'The run is that of figure 1b with one block instead of two, same seeds and data.',
      'Attention is read after the softmax of clean forward passes over the evaluator’s fixed set.',
      'The paper’s curves were digitised from its figure: values within .005 (.01 where curves overlap), times within 300,000 sequences.',
    ],
    csv: {
      header: ['panel', 'evaluator', ...queryHeader.map((name) => (name === 'attention' ? 'value' : name))],
      rows: [
        ...(
          [
            ['run', curves, info.source],
            ['paper', paper, 'arXiv 2503.05631, figure 13a, digitised'],
          ] as const
        ).flatMap(([series, of, source]) =>
          evaluators.flatMap((name) =>
            curveRows([{ name: series, curve: of[name] }], ['a', name], []).map(
              ([panel, evaluator, which, sequences, value]) => [
                panel,
                evaluator,
                which,
                sequences,
                undefined,
                undefined,
                undefined,
                undefined,
                value,
                undefined,
                source,
              ],
            ),
          ),
        ),
        ...([0, 1] as const).flatMap((pair) =>
          queryRows(moment, pair, info.source).map((row) => [pair === 0 ? 'b' : 'c', 'ciwl', ...row]),
        ),
        ...clampedRows(tables.clamped, info.source).map(([series, block, head, at, value, n, source]) => [
          'd',
          'ciwl',
          series,
          moment.sequences,
          block,
          head,
          `clamped to ${String(at)}`,
          undefined,
          value,
          n,
          source,
        ]),
      ],
    },
    verdicts: judgeMechanism(fig13Claims, run, tables, info),
  };
}
