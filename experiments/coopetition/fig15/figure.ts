/**
 * Figure 15: what many heads of one block are good for. a: two heads on the same sequences. b and c: one head made
 * sharper or flatter, alone in its block and among all. Pure.
 */
import type { HeadTemperatures } from '../../../src/analyse/head-temperatures.ts';
import type { SequenceStrengths } from '../../../src/analyse/sequence-strengths.ts';
import { formatAccuracy, formatCount } from '../../../src/report/format.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { fig15aClaims, twoHeads } from '../claims/head-agreement-claims.ts';
import { fig15TemperatureClaims } from '../claims/head-temperature-claims.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { viewRun } from '../claims/run-view.ts';
import type { LinesPanel, MechanismFigure, ScatterPanel } from '../mechanism/content.ts';
import { headsFromZero, momentSentence } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';
import { agreementOf } from './pearson.ts';

const ticks = [-1, -0.5, 0, 0.5, 1];

export interface Fig15Tables {
  readonly sequences: number;
  readonly table: SequenceStrengths;
  readonly heated: HeadTemperatures;
}

/** Ticks around values, in steps a reader can name. */
function ticksAround(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1].find((size) => high - low <= 5 * size) ?? 0.2;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(4)));
}

function heatedPanel(
  { temperatures: all, heads, whole }: HeadTemperatures,
  which: 'alone' | 'amongAll',
): LinesPanel {
  const less = which === 'alone' ? 0 : whole;
  const series = heads.map((each) => ({
    name: `head ${each.head}`,
    style: each.head,
    points: each[which].map((value, i) => ({ x: all[i], y: value - less })),
  }));
  return {
    kind: 'lines',
    heading: which === 'alone' ? 'b: a head alone, looking at labels only' : 'c: a head among all others',
    series,
    x: {
      kind: 'number',
      isLog: true,
      label: 'temperature of the head’s scores (logarithmic axis)',
      ticks: [0.1, 0.25, 0.5, 1, 2, 4, 8],
    },
    y: {
      label:
        which === 'alone' ? 'in-context probability on train' : 'the same, less that of the model as it is',
      ticks: ticksAround(series.flatMap(({ points }) => points.map(({ y }) => y))),
    },
    ...(which === 'alone' ? {} : { level: 0 }),
  };
}

/** What each head gives at every temperature, alone (b) and among all (c). */
function heatedRows({ temperatures: all, heads }: HeadTemperatures, source: string) {
  return (['alone', 'amongAll'] as const).flatMap((which) =>
    heads.flatMap((each) =>
      each[which].map((value, i) => [
        which === 'alone' ? 'b' : 'c',
        undefined,
        undefined,
        undefined,
        each.head,
        all[i],
        value,
        source,
      ]),
    ),
  );
}

export function fig15Figure(
  metrics: MetricsTable,
  { sequences, table, heated }: Fig15Tables,
  info: RunInfo,
): MechanismFigure {
  const [first, second] = twoHeads(table);
  const { correlation, difference } = agreementOf(first, second);
  const block = table.strengths.length / table.heads - 1;
  const run = viewRun(metrics, info);
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
    columns: 3,
    panels: [scatter, heatedPanel(heated, 'alone'), heatedPanel(heated, 'amongAll')],
    caption: [
      `a: each point is one of ${formatCount(first.length)} train sequences; 1: all of the query's attention on the correct label, -1: all on the other. ` +
        `Correlation ${formatAccuracy(correlation)}, root mean square difference ${formatAccuracy(difference)}; in the paper about .82. ` +
        `b, c: mean in-context probability on the ${formatCount(heated.sequences)} train sequences, the scores of one head divided by a temperature; 1 is the model as it is, whose probability is ${formatAccuracy(heated.whole, 4)}. ` +
        `${momentSentence(sequences)} ${headsFromZero}`,
    ],
    reading: [
      'If all heads of the second block did the same on every sequence, one would do. A cloud around the diagonal says that they agree in the main, while each is wrong on sequences of its own, so that together they are right more often.',
      'Below temperature 1 a head is sharper: it says more clearly what it prefers. Alone that helps it (b). Among all it can hurt (c): where the head errs, sharper is wronger, and the others, right in the main, are outvoted. So no head is driven to be as sharp as it can.',
    ],
    method: [
      'Induction strength of a sequence is the query’s attention to labels that are the correct one less its attention to the other labels of the context.',
      'b and c: the scores of the last block are those of a clean pass, divided by the temperature in one head. In b all other heads of that block are ablated, and the query’s scores on exemplars and itself are -1e9; earlier blocks stay.',
    ],
    csv: {
      header: ['panel', 'sequence', 'head0', 'head1', 'head', 'temperature', 'in_context_prob', 'source'],
      rows: [
        ...second.map((y, i) => [
          'a',
          table.sequences[i],
          first[i],
          y,
          undefined,
          undefined,
          undefined,
          info.source,
        ]),
        ...heatedRows(heated, info.source),
      ],
    },
    verdicts: [
      ...judgeMechanism(fig15aClaims, run, table, info),
      ...judgeMechanism(fig15TemperatureClaims, run, heated, info),
    ],
  };
}
