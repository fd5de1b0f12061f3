/** One sequence looked into, as text that fits its terminal. Pure. */
import type { InspectedSequence } from '../analyse/inspect-sequence.ts';
import { formatAccuracy } from '../report/format.ts';
import { textTable } from './text-table.ts';

export interface InspectTextOptions {
  /** Tokens whose attention is shown, by name; of the last block all but the query's lead nowhere. */
  readonly from: readonly string[];
  readonly fromInLastBlock: readonly string[];
  /** Characters of a line; undefined for as many as it takes. */
  readonly width?: number | undefined;
}

/** What stands at each token, the answer, then a table per block: a row per pair of tokens, a column per head. */
export function inspectText(inspected: InspectedSequence, options: InspectTextOptions): string {
  const blocks = inspected.patterns.map((_, block) => blockText(inspected, block, options));
  return `${textTable(tokenRows(inspected))}\n${answerText(inspected)}${blocks.join('')}`;
}

function tokenRows({ tokens, sequence: { context, query } }: InspectedSequence): string[][] {
  const rows = context.flatMap(({ class: row, exemplar, label }, pair) => [
    [tokens[2 * pair], `class ${row}, exemplar ${exemplar}`],
    [tokens[2 * pair + 1], `label ${label}${label === query.label ? ', the correct one' : ''}`],
  ]);
  return [...rows, ['xq', `class ${query.class}, exemplar ${query.exemplar}: its label is ${query.label}`]];
}

function answerText({ sequence, answer, tokens }: InspectedSequence): string {
  const { label, inContextLabel, correctLabel, prob, inContextProb } = answer;
  const right = (given: number) => (given === correctLabel ? 'right' : 'wrong');
  const pair = sequence.context.findIndex((place) => place.label === inContextLabel);
  return (
    `${sequence.note}\n` +
    `answer among the context's labels: ${inContextLabel} (${tokens[2 * pair + 1]}), ${right(inContextLabel)}; ` +
    `${formatAccuracy(inContextProb)} on the correct one\n` +
    `answer among all labels: ${label}, ${right(label)}; ${formatAccuracy(prob)} on the correct one\n`
  );
}

/** Attention below .005 is left out, so that what matters stands out. */
function cell(value: number): string {
  return value < 0.005 ? '.' : formatAccuracy(value);
}

function blockText(inspected: InspectedSequence, block: number, options: InspectTextOptions): string {
  const { tokens, patterns, sequence } = inspected;
  const heads = patterns[block];
  const shownFrom = block === patterns.length - 1 ? options.fromInLastBlock : options.from;
  const correct = sequence.context.map(({ label }) => label === sequence.query.label);
  const pairs = tokens.flatMap((from, query) =>
    shownFrom.includes(from) ? tokens.slice(0, query + 1).map((to, key) => ({ from, to, query, key })) : [],
  );
  const perTable = headsPerTable(heads.length, options.width);
  const tables: string[] = [];
  for (let first = 0; first < heads.length; first += perTable) {
    const shown = heads.slice(first, first + perTable);
    const header = ['from', 'to', ...shown.map((_, i) => `${first + i}`.padStart(columnWidth))];
    const rows = pairs.map(({ from, to, query, key }) => [
      key === 0 ? from : '',
      key % 2 === 1 && correct[(key - 1) / 2] ? `${to}*` : to,
      ...shown.map((head) => cell(head[query][key]).padStart(columnWidth)),
    ]);
    tables.push(textTable([header, ...rows]));
  }
  const title = `block ${block}: attention of each head (* = the correct label)`;
  const isNarrow = options.width !== undefined && title.length > options.width;
  return `\n${isNarrow ? `block ${block} (* = correct)` : title}\n${tables.join('\n')}`;
}

const columnWidth = 4;
/** `from`, `to*`, and the spaces after them. */
const namesWidth = 10;

function headsPerTable(heads: number, width: number | undefined): number {
  if (width === undefined) return heads;
  return Math.max(1, Math.min(heads, Math.floor((width - namesWidth) / (columnWidth + 2))));
}
