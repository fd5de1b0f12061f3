/**
 * Figures 2a and 12: where the query looks in the last block, on CIWL sequences whose correct label stands first (2a) or
 * second (12). Pure: from a table of attention, the run's metrics and what is known about the run.
 */
import { queryAttention } from '../../../src/analyse/attention-readouts.ts';
import { tokenNames } from '../../../src/analyse/inspect-sequence.ts';
import { formatCount } from '../../../src/report/format.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { fig12Claims, fig2aClaims } from '../claims/query-attention-claims.ts';
import { viewRun } from '../claims/run-view.ts';
import { type AttentionMoment, mean } from '../mechanism/attention-tables.ts';
import type { HeatmapPanel, MechanismFigure } from '../mechanism/content.ts';
import { headsFromZero, momentSentence } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';

/** Means over the paper's eight heads, read off its colours to within .01; exemplars and query are at most .013. */
const paperMeans = {
  fig2a: [0.013, 0.819, 0.013, 0.156, 0.013],
  fig12: [0.013, 0.15, 0.013, 0.829, 0.013],
} as const;

/** A heatmap of the query's attention, one row per head, and the paper's mean below where there is one. */
export function queryHeatmap(
  { table }: AttentionMoment,
  correctPair: 0 | 1,
  heading: string,
  paper?: readonly number[],
): HeatmapPanel {
  const rows = queryAttention(table, 'ciwl', table.depth - 1, correctPair) ?? [];
  const columns = tokenNames((table.tokens - 1) / 2).map((name, token) =>
    token === 2 * correctPair + 1 ? `${name} (correct)` : name,
  );
  const means = columns.map((_, token) => mean(rows.map((row) => row[token])));
  return {
    kind: 'heatmap',
    heading,
    columns,
    columnLabel: 'attention from the query xq to each token',
    rows: [
      ...rows.map((values, head) => ({ name: `head ${head}`, values })),
      { name: 'mean', values: means, isNote: true },
      ...(paper === undefined ? [] : [{ name: 'the paper', values: paper, isNote: true }]),
    ],
  };
}

/** Rows of a CSV: one line per head and token. */
export function queryRows({ sequences, table }: AttentionMoment, correctPair: 0 | 1, source: string) {
  const rows = queryAttention(table, 'ciwl', table.depth - 1, correctPair) ?? [];
  const names = tokenNames((table.tokens - 1) / 2);
  const n = groupSize({ sequences, table }, correctPair);
  return rows.flatMap((row, head) =>
    row.map((value, token) => [
      'run',
      sequences,
      table.depth - 1,
      head,
      names[token],
      correctPair + 1,
      value,
      n,
      source,
    ]),
  );
}

export const queryHeader = [
  'series',
  'sequences',
  'block',
  'head',
  'token',
  'correct_pair',
  'attention',
  'n',
  'source',
] as const;

function groupSize({ table }: AttentionMoment, correctPair: 0 | 1): number {
  const found = table.groups.find((each) => each.evaluator === 'ciwl' && each.correctPair === correctPair);
  return found?.sequences ?? 0;
}

export type QueryFigureName = 'fig2a' | 'fig12';

export function queryAttentionFigure(
  name: QueryFigureName,
  metrics: MetricsTable,
  moment: AttentionMoment,
  info: RunInfo,
): MechanismFigure {
  const correctPair = name === 'fig2a' ? 0 : 1;
  const place = correctPair === 0 ? 'first' : 'second';
  const paper = paperMeans[name];
  const names = tokenNames(2);
  const n = formatCount(groupSize(moment, correctPair));
  const run = viewRun(metrics, info);
  return {
    name,
    number: name === 'fig2a' ? 'Figure 2a' : 'Figure 12',
    title: `the query looks at the correct label where it stands ${place}`,
    columns: 1,
    panels: [
      queryHeatmap(moment, correctPair, `Block ${moment.table.depth - 1}, correct label ${place}`, paper),
    ],
    caption: [
      `Mean attention from the query over the ${n} CIWL sequences whose correct label stands ${place}. ` +
        `${momentSentence(moment.sequences)} ${headsFromZero} The paper's row: the mean over its heads at 64M (.01: at most .013).`,
    ],
    reading: [
      'On a CIWL sequence the query’s class is absent, and its label stands beside another class: the model must know the label from its weights and find it in the context. A row is one head; a cell tells how much of the query’s attention goes to that token, averaged over the sequences.',
      'In the paper every head of the second block looks mostly at the correct label, a little at the other, and at nothing else: the heads share the work rather than divide it.',
    ],
    method: [
      'Attention is read after the softmax of clean forward passes over the evaluator’s fixed set; a sequence belongs to the place where its correct label first stands.',
      'The paper’s numbers were read off the colours of its figure, to within .01; its figures 2 and 12 count heads from 1.',
    ],
    csv: {
      header: queryHeader,
      rows: [
        ...queryRows(moment, correctPair, info.source),
        ...paper.map((value, token) => [
          'paper, mean over heads',
          64_000_000,
          1,
          undefined,
          names[token],
          correctPair + 1,
          value,
          undefined,
          `arXiv 2503.05631, figure ${name.slice(3)}, read off its colours`,
        ]),
      ],
    },
    verdicts: judgeMechanism(name === 'fig2a' ? fig2aClaims : fig12Claims, run, moment, info),
  };
}
