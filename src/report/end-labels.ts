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

/** In px. */
const longestTie = 30;

/** An outline in the colour of the paper, so that text stays legible over lines. */
const halo = {
  stroke: ink.paper,
  'stroke-width': 3,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
} as const;

/**
 * Lines that end together are labelled together: of a run in progress where it is, not at the end of the axes. Labels
 * that do not fit there stand right of the axes.
 */
export function endLabels(document: Document, labels: readonly EndLabel[], frame: LabelFrame): Element[] {
  const widest = Math.max(0, ...labels.map(({ text }) => textWidth(text, frame.fontSize, 600)));
  const placed = new Map<EndLabel, { readonly x: number; readonly y: number }>();
  for (const cluster of clusters(labels, widest + 16)) {
    const end = Math.max(...cluster.map(({ x }) => x));
    const x = (end + widest + 4 < frame.right ? end : frame.right) + 12;
    const heights = cluster.map(({ y }) => y);
    const ys = dodge(heights, frame.fontSize * 1.18, frame.top, frame.bottom);
    for (const [i, label] of cluster.entries()) placed.set(label, { x, y: ys[i] });
  }
  return labels.flatMap((label) => {
    const { text, x, y, stroke, fill } = label;
    const to = placed.get(label) ?? label;
    return [
      svgElement(document, 'path', {
        d: `M${x + 2},${y}L${to.x - 3},${to.y}`,
        fill: 'none',
        stroke,
        'stroke-width': 0.8,
        // A long tie must not look like a curve.
        'stroke-dasharray': to.x - x > longestTie ? '1 3' : undefined,
      }),
      svgElement(
        document,
        'text',
        { x: to.x, y: to.y + frame.fontSize * 0.34, fill, 'font-weight': 600, ...halo },
        text,
      ),
    ];
  });
}

/** Labels in order of their lines' ends, together where the next end is nearer than `gap` px. */
function clusters(labels: readonly EndLabel[], gap: number): EndLabel[][] {
  const found: EndLabel[][] = [];
  for (const label of labels.toSorted((a, b) => a.x - b.x)) {
    const last = found.at(-1);
    const before = last?.at(-1);
    if (last && before && label.x - before.x < gap) last.push(label);
    else found.push([label]);
  }
  return found;
}
