/** Runs as a table that fits a terminal. Pure: from summaries to text. */
import { formatAccuracy, formatBytes, formatSequences } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import type { RunSummary } from '../runs/run-summary.ts';
import { accuraciesOf } from './meter.ts';
import { textTable } from './text-table.ts';

interface Column {
  readonly heading: string;
  /** The higher, the sooner it is left out where the table is too wide; 0 stays. */
  readonly expendable: number;
  readonly cell: (run: RunSummary) => string;
}

/** @param nowMs milliseconds since 1970, for the age of the last sign of life */
function columnsFor(nowMs: number): Column[] {
  const accuracy = (name: 'train' | 'icl' | 'ciwl' | 'flip') => (run: RunSummary) => {
    const value = accuraciesOf(run.lastEvaluation)[name];
    return Number.isNaN(value) ? '' : formatAccuracy(value);
  };
  return [
    { heading: 'name', expendable: 0, cell: ({ name }) => visibleLine(name) },
    { heading: 'id', expendable: 2, cell: ({ id }) => id ?? '' },
    { heading: 'state', expendable: 0, cell: ({ state }) => state },
    { heading: 'sequences', expendable: 1, cell: progressText },
    { heading: 'train', expendable: 6, cell: accuracy('train') },
    { heading: 'ICL', expendable: 3, cell: accuracy('icl') },
    { heading: 'CIWL', expendable: 5, cell: accuracy('ciwl') },
    { heading: 'Flip', expendable: 4, cell: accuracy('flip') },
    { heading: 'disk', expendable: 7, cell: ({ disk }) => formatBytes(disk.bytes) },
    { heading: 'seen', expendable: 8, cell: ({ lastSignMs }) => ageText(lastSignMs, nowMs) },
    { heading: 'settings', expendable: 9, cell: settingsText },
  ];
}

/** `1.35M of 6M`. */
function progressText({ sequences, trainSequences }: RunSummary): string {
  const seen = formatSequences(sequences);
  return trainSequences === undefined ? seen : `${seen} of ${formatSequences(trainSequences)}`;
}

function ageText(lastSignMs: number | undefined, nowMs: number): string {
  if (lastSignMs === undefined) return '';
  const seconds = Math.max(0, (nowMs - lastSignMs) / 1000);
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

/** The preset and what differs from it. */
function settingsText({ settings }: RunSummary): string {
  return settings ? visibleLine([settings.preset, ...settings.changes].join(' ')) : '';
}

/**
 * A line per run below a heading. Of a table that is too wide the last column is cut, then columns are left out, those
 * that matter least first.
 * @param width characters of a line
 * @param called what each run is called besides its name: a column of its own, the first
 */
export function runsTable(
  runs: readonly RunSummary[],
  nowMs: number,
  width = Number.POSITIVE_INFINITY,
  called?: readonly string[],
): string {
  let columns = columnsFor(nowMs).map((column) => ({ ...column, cells: runs.map(column.cell) }));
  if (called) {
    const cells = called.map(visibleLine);
    columns.unshift({ heading: 'run', expendable: 0, cell: () => '', cells });
  }
  const widthOf = ({ heading, cells }: (typeof columns)[number]) =>
    Math.max(heading.length, ...cells.map((cell) => cell.length));
  const total = () => columns.reduce((sum, column) => sum + widthOf(column) + 2, -2);
  const readableSettings = 16;
  while (total() > width) {
    const last = columns.at(-1);
    const room = last === undefined ? 0 : width - (total() - widthOf(last));
    if (last?.heading === 'settings' && room >= readableSettings) {
      last.cells = last.cells.map((cell) => (cell.length > room ? `${cell.slice(0, room - 1)}…` : cell));
      break;
    }
    const most = columns.reduce((a, b) => (b.expendable > a.expendable ? b : a));
    if (most.expendable === 0) break;
    columns = columns.filter((column) => column !== most);
  }
  return textTable([
    columns.map(({ heading }) => heading),
    ...runs.map((_, index) => columns.map(({ cells }) => cells[index])),
  ]);
}
