/**
 * Figures 3b and 3c: half of the model taken from another moment of its training. 3b: the second block as it is late,
 * over the first as it becomes; 3c: the first as it was at some moment, under the second as it becomes. Pure.
 */
import { graftEvaluators } from '../../../src/analyse/grafts.ts';
import { formatSequences } from '../../../src/report/format.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { fig3bClaims, fig3cClaims } from '../claims/graft-claims.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { viewRun } from '../claims/run-view.ts';
import { seriesStyles } from '../fig1b/series.ts';
import { isEarlyScale } from '../mechanism/attention-tables.ts';
import type { LinesPanel, MechanismFigure } from '../mechanism/content.ts';
import { graftCurve, type GraftedTraining } from '../mechanism/graft-tables.ts';
import { curveRows, line } from '../mechanism/series.ts';
import { headsFromZero } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';

/** As figure 1b's colours: black, blue, vermillion, green. */
const styles = { train: 4, icl: 0, ciwl: 1, flip: 2 } as const;

const yAxis = { label: 'in-context accuracy', ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] };

function xAxis(grafts: readonly GraftedTraining[], info: RunInfo): LinesPanel['x'] {
  const ends = grafts.flatMap(({ moments }) => moments.at(-1)?.sequences ?? 0);
  return { kind: 'sequences', end: Math.max(1, ...ends), isRoot: isEarlyScale(info.scale) };
}

function rows(grafts: readonly GraftedTraining[], source: string) {
  return grafts.flatMap(({ donor, moments }) =>
    curveRows(
      graftEvaluators.map((name) => ({ name, curve: graftCurve(moments, name) })),
      ['grafted', donor],
      [source],
    ),
  );
}

const header = ['series', 'donor_sequences', 'evaluator', 'sequences', 'in_context_accuracy', 'source'];
const method =
  'A graft is other weights: those of the donor in its half of the model. Everything else is an ordinary evaluation on the run’s own sets, at every moment whose weights are kept.';

export function fig3bFigure(metrics: MetricsTable, graft: GraftedTraining, info: RunInfo): MechanismFigure {
  const run = viewRun(metrics, info);
  const x = xAxis([graft], info);
  const end = graft.moments.at(-1)?.sequences ?? 0;
  const plain = graftEvaluators.map((name) => ({
    name,
    curve: run.curves[name].filter(({ sequences }) => sequences <= end),
  }));
  return {
    name: 'fig3b',
    number: 'Figure 3b',
    title: 'with its late second block the model does what it did',
    columns: 2,
    panels: plain.map(({ name, curve }) => ({
      kind: 'lines',
      heading: seriesStyles[name].name,
      series: [
        { ...line(curve, 'run', 'quiet') },
        line(graftCurve(graft.moments, name), 'grafted', styles[name]),
      ],
      x,
      y: yAxis,
      level: 0.5,
    })),
    caption: [
      `Coloured: second block, final norm and unembedding as they are ${graft.what} (${formatSequences(graft.donor)}), embeddings and first block as they become. Grey: the run itself. ` +
        `${graft.moments.length} moments. ${headsFromZero} In the paper the two are within .02 from 10M on, and .07 apart at most from 4M.`,
    ],
    reading: [
      'If the coloured line follows the grey one, whatever changed between then and the end was in the embeddings and the first block: the second block was ready, and waited.',
    ],
    method: [method],
    csv: {
      header,
      rows: [...rows([graft], info.source), ...curveRows(plain, ['run', undefined], [info.source])],
    },
    verdicts: judgeMechanism(fig3bClaims, run, graft, info),
  };
}

export function fig3cFigure(
  metrics: MetricsTable,
  grafts: readonly GraftedTraining[],
  info: RunInfo,
): MechanismFigure {
  const x = xAxis(grafts, info);
  return {
    name: 'fig3c',
    number: 'Figure 3c',
    title: 'with its first block held the model stays what it was',
    columns: 3,
    panels: grafts.map(({ what, donor, moments }) => ({
      kind: 'lines',
      heading: `First block ${what} (${formatSequences(donor)})`,
      series: graftEvaluators.map((name) =>
        line(graftCurve(moments, name), seriesStyles[name].name, styles[name]),
      ),
      x,
      y: yAxis,
      level: 0.5,
    })),
    caption: [
      `Embeddings and first block as they were at the moment in each heading; everything behind as it becomes from then on. ${headsFromZero} In the paper all lines are flat within .03.`,
    ],
    reading: [
      'Flat lines say that nothing the second block learns after that moment changes what the model does: its strategy is decided by what the first block gives it.',
    ],
    method: [method],
    csv: { header, rows: rows(grafts, info.source) },
    verdicts: judgeMechanism(fig3cClaims, viewRun(metrics, info), grafts, info),
  };
}
