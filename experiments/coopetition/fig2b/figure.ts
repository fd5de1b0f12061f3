/** Figure 2b: what each head of the last block does alone, by where its attention is clamped to. Pure. */
import type { ClampedStrengths } from '../../../src/analyse/clamped-strengths.ts';
import type { CsvCell } from '../../../src/report/csv.ts';
import { formatCount } from '../../../src/report/format.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { fig2bClaims } from '../claims/clamped-strength-claims.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { viewRun } from '../claims/run-view.ts';
import type { LinesPanel, MechanismFigure } from '../mechanism/content.ts';
import { headsFromZero, momentSentence } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';

/** Accuracy at either end, read off the figure; heads counted from 0. */
const paperEnds = {
  correct: [0.923, 0.92, 0.929, 0.903, 0.884, 0.876, 0.915, 0.944],
  other: [0.071, 0.088, 0.087, 0.1, 0.107, 0.117, 0.078, 0.061],
} as const;

/** Attention on the correct label less that on the other, from -1 to 1. */
function difference(strength: number): number {
  return Number((2 * strength - 1).toFixed(6));
}

/** @param ends the paper's accuracies at -1 and 1, drawn as rings */
export function clampedPanel(
  { strengths, heads, block }: ClampedStrengths,
  heading: string,
  ends?: { readonly other: readonly number[]; readonly correct: readonly number[] },
): LinesPanel {
  const rings = ends
    ? [...ends.other.map((y) => ({ x: -1, y })), ...ends.correct.map((y) => ({ x: 1, y }))]
    : [];
  return {
    kind: 'lines',
    heading: heading === '' ? `Heads of block ${block}, each alone` : heading,
    series: [
      ...heads.map(({ head, accuracies }) => ({
        name: `head ${head}`,
        style: head,
        points: accuracies.map((y, i) => ({ x: difference(strengths[i]), y })),
      })),
      ...(rings.length > 0 ? [{ name: '', style: 4, marks: 'dots' as const, points: rings }] : []),
    ],
    x: {
      kind: 'number',
      label: 'attention on the correct label less that on the other',
      ticks: [-1, -0.5, 0, 0.5, 1],
    },
    y: { label: 'in-context accuracy on CIWL', ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    level: 0.5,
  };
}

export function clampedRows(
  { strengths, heads, block, sequences }: ClampedStrengths,
  source: string,
): CsvCell[][] {
  return heads.flatMap(({ head, accuracies }) =>
    accuracies.map((value, i) => ['run', block, head, difference(strengths[i]), value, sequences, source]),
  );
}

export function fig2bFigure(
  metrics: MetricsTable,
  { sequences, table }: { readonly sequences: number; readonly table: ClampedStrengths },
  info: RunInfo,
): MechanismFigure {
  const ends = (['other', 'correct'] as const).flatMap((side) =>
    paperEnds[side].map((value, head) => [
      'paper',
      1,
      head,
      side === 'other' ? -1 : 1,
      value,
      undefined,
      'arXiv 2503.05631, figure 2b, read off the figure',
    ]),
  );
  return {
    name: 'fig2b',
    number: 'Figure 2b',
    title: 'a head says the label it looks at',
    columns: 1,
    panels: [clampedPanel(table, '', paperEnds)],
    caption: [
      `In-context accuracy on the ${formatCount(table.sequences)} CIWL sequences with one head left, its attention clamped: 1 all on the correct label, -1 all on the other. ` +
        `${momentSentence(sequences)} ${headsFromZero} Rings: the paper's heads at either end.`,
    ],
    reading: [
      'If heads of the last block copy the label they look at, then telling a head where to look decides what the model says, even with everything else taken away: all other heads, and the token embeddings. A line from 0 to 1 through the middle says just that.',
    ],
    method: [
      'All heads of earlier blocks and all other heads of the last are ablated (values 0), the token embedding is 0 at every place (positions stay), patterns and values are those of a clean pass; then the query’s row of the one head is overwritten: a share on the correct label, the rest on the other, nothing elsewhere.',
      'The paper’s numbers at either end were read off its figure; it counts heads from 1.',
    ],
    csv: {
      header: ['series', 'block', 'head', 'attention_difference', 'accuracy', 'n', 'source'],
      rows: [...clampedRows(table, info.source), ...ends],
    },
    verdicts: judgeMechanism(fig2bClaims, viewRun(metrics, info), table, info),
  };
}
