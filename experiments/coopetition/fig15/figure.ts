/**
 * Figure 15: what many heads of one block are good for. a: two heads on the same sequences. Panels b and c change the
 * temperature of heads and are drawn where their sweeps were measured. Pure.
 */
import type { SequenceStrengths } from '../../../src/analyse/sequence-strengths.ts';
import { formatAccuracy, formatCount } from '../../../src/report/format.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { fig15aClaims, twoHeads } from '../claims/head-agreement-claims.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { viewRun } from '../claims/run-view.ts';
import type { MechanismFigure, ScatterPanel } from '../mechanism/content.ts';
import { headsFromZero, momentSentence } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';
import { agreementOf } from './pearson.ts';

const ticks = [-1, -0.5, 0, 0.5, 1];

export function fig15Figure(
  metrics: MetricsTable,
  { sequences, table }: { readonly sequences: number; readonly table: SequenceStrengths },
  info: RunInfo,
): MechanismFigure {
  const [first, second] = twoHeads(table);
  const { correlation, difference } = agreementOf(first, second);
  const block = table.strengths.length / table.heads - 1;
  const scatter: ScatterPanel = {
    kind: 'scatter',
    heading: `a: two heads of block ${block} on the same sequences`,
    points: second.map((y, i) => ({ x: first[i], y })),
    x: { label: 'induction strength of head 0', ticks },
    y: { label: 'induction strength of head 1', ticks },
  };
  return {
    name: 'fig15',
    number: 'Figure 15',
    title: 'heads of one block do alike, but not the same',
    columns: 1,
    panels: [scatter],
    caption: [
      `Each point is one of ${formatCount(first.length)} train sequences; 1: all of the query's attention on the correct label, -1: all on the other. ` +
        `Correlation ${formatAccuracy(correlation)}, root mean square difference ${formatAccuracy(difference)}; in the paper about .82. ` +
        `${momentSentence(sequences)} ${headsFromZero}`,
    ],
    reading: [
      'If all heads of the second block did the same on every sequence, one would do. A cloud around the diagonal says that they agree in the main, while each is wrong on sequences of its own, so that together they are right more often.',
    ],
    method: [
      'Induction strength of a sequence is the query’s attention to labels that are the correct one less its attention to the other labels of the context.',
    ],
    csv: {
      header: ['panel', 'sequence', 'head0', 'head1', 'source'],
      rows: second.map((y, i) => ['a', table.sequences[i], first[i], y, info.source]),
    },
    verdicts: judgeMechanism(fig15aClaims, viewRun(metrics, info), table, info),
  };
}
