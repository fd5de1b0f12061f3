/** Names of lines beside their ends, apart from each other, each tied to its line by a hair line where it was moved. */
import { dodge } from './dodge.ts';
import { ink } from './palette.ts';
import { svgElement } from './svg.ts';
import { textWidth } from './text-width.ts';

export interface EndLabel {
  readonly text: string;
  /** Where the line ends, in px. */
  readonly x: number;
  readonly y: number;
  readonly stroke: string;
  readonly fill: string;
}

interface LabelFrame {
  readonly fontSize: number;
  /** Between these heights in px the labels' middles stand. */
  readonly top: number;
  readonly bottom: number;
  /** The right end of the axes, in px: labels that do not fit before it stand beside it. */
  readonly right: number;
}

/** An outline in the colour of the paper, so that text stays legible over lines. */
const halo = {
  stroke: ink.paper,
  'stroke-width': 3,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
} as const;

export function endLabels(document: Document, labels: readonly EndLabel[], frame: LabelFrame): Element[] {
  const { fontSize, top, bottom, right } = frame;
  const placed = dodge(
    labels.map(({ y }) => y),
    fontSize * 1.18,
    top,
    bottom,
  );
  // A run in progress ends well within the axes: its labels stand where it is.
  const end = Math.max(0, ...labels.map(({ x }) => x));
  const widest = Math.max(0, ...labels.map(({ text }) => textWidth(text, fontSize, 600)));
  const to = (end + widest + 4 < right ? end : right) + 12;
  return labels.flatMap(({ text, x, y, stroke, fill }, i) => [
    svgElement(document, 'path', {
      d: `M${x + 2},${y}L${to - 3},${placed[i]}`,
      fill: 'none',
      stroke,
      'stroke-width': 0.8,
    }),
    svgElement(
      document,
      'text',
      { x: to, y: placed[i] + fontSize * 0.34, fill, 'font-weight': 600, ...halo },
      text,
    ),
  ]);
}
