/** The differences of two runs as a reader on a terminal meets them. Pure. */
import { momentText } from '../../experiments/coopetition/comparison/moments.ts';
import { typedSetting } from '../../experiments/coopetition/settings.ts';
import type { MetricName } from '../evaluate/metrics.ts';
import { momentDefinition, momentNumbers } from '../evaluate/moments.ts';
import { formatAccuracy, formatCount, formatSequences } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import type { RunDifferences } from './compare-runs.ts';
import { fittedTable } from './fitted-table.ts';

/** The metric that is shown of each evaluator: IWL's in-context accuracy is 0 by construction. */
function shownMetric(evaluator: string): MetricName {
  return evaluator === 'iwl' ? 'accuracy' : 'inContextAccuracy';
}

/** @param width characters of a line; undefined for as many as it takes */
export function diffText(differences: RunDifferences, width?: number): string {
  const { runs, settings, madeBy } = differences;
  const names = runs.map(({ name }) => visibleLine(name));
  const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
    fittedTable(header, rows, width, '  ');
  const facts = runs.map((run) => [
    visibleLine(run.name),
    run.id ?? '',
    run.state,
    `${formatSequences(run.sequences)} of ${formatSequences(run.trainSequences)} sequences`,
    visibleLine(run.folder),
  ]);
  const rowOf = (name: string, first: unknown, second: unknown): string[] =>
    [name, typedSetting('', first), typedSetting('', second)].map(visibleLine);
  const settingRows = settings.map(({ path, first, second }) => rowOf(path, first, second));
  const madeByRows = madeBy.map(({ what, first, second }) => rowOf(what, first, second));
  return [
    table(['run', 'id', 'state', 'progress', 'folder'], facts),
    settings.length === 0 ? 'the same settings\n' : `settings\n${table(['setting', ...names], settingRows)}`,
    madeBy.length === 0
      ? 'made by the same code, engine and machine\n'
      : `made by\n${table(['what', ...names], madeByRows)}`,
    curvesText(differences, table),
    momentsText(differences, names, table),
  ].join('\n');
}

type Table = (header: readonly string[], rows: readonly (readonly string[])[]) => string;

function curvesText(differences: RunDifferences, table: Table): string {
  const { runs, evaluations, curves, identical, onlyFirst, onlySecond } = differences;
  const count = evaluations.sequences.length;
  const last = formatSequences(evaluations.sequences.at(-1) ?? 0);
  const shared = `${formatCount(count)} shared ${count === 1 ? 'evaluation' : 'evaluations'}, up to ${last} sequences`;
  const rest = [evaluations.onlyFirst, evaluations.onlySecond].flatMap((more, i) =>
    more === 0 ? [] : [`only ${visibleLine(runs[i].name)} has ${formatCount(more)} more`],
  );
  const lacking = [onlyFirst, onlySecond].flatMap((evaluators, i) =>
    evaluators.length === 0
      ? []
      : [`only ${visibleLine(runs[i].name)} measures ${visibleLine(evaluators.join(', '))}`],
  );
  const notes = [...rest, ...lacking].map((note) => `  ${note}\n`).join('');
  if (identical) return `identical metrics: every metric at ${shared}, bit for bit\n${notes}`;
  const rows = curves
    .filter(({ evaluator, metric }) => metric === shownMetric(evaluator))
    .map(({ evaluator, metric, differing: differ, largest, last: end, shared: points }) => [
      visibleLine(evaluator),
      metric,
      largest === undefined ? 'none' : formatDifference(largest.difference),
      largest === undefined ? '' : formatSequences(largest.sequences),
      formatDifference(end.difference),
      `${formatCount(differ)} of ${formatCount(points)}`,
    ]);
  const differing = curves.filter((curve) => curve.differing > 0).length;
  const all = `  ${differing} of ${curves.length} curves of all metrics differ (--json has them)\n`;
  const header = ['evaluator', 'metric', 'largest', 'at', 'at the end', 'points that differ'];
  return (
    `curves: ${visibleLine(runs[1].name)} less ${visibleLine(runs[0].name)}, at ${shared}\n` +
    table(header, rows) +
    all +
    notes
  );
}

/** `+.12`, `-.03`; `0` only where it is that. */
function formatDifference(difference: number): string {
  if (difference === 0) return '0';
  const size = Math.abs(difference);
  const text = size < 0.0005 ? size.toExponential(1) : formatAccuracy(size, 3);
  return `${difference < 0 ? '-' : '+'}${text}`;
}

function momentsText(
  { moments, peakSoFar, ciwlLevel }: RunDifferences,
  names: readonly string[],
  table: Table,
): string {
  const rows = momentNumbers.map((number) => [
    `${number} ${momentDefinition(number, ciwlLevel)}`,
    ...moments.map((found, i) => momentText(found, number, peakSoFar[i])),
  ]);
  return `moments of figure 1b, in sequences\n${table(['moment', ...names], rows)}`;
}
