/** One panel of a comparison: one evaluator in all groups of runs, each a line, or a mean with its range and its runs. */
import * as Plot from '@observablehq/plot';
import { accuracyAxes, levelsUpTo } from '../../../src/report/axes.ts';
import { type EndLabel, endLabels } from '../../../src/report/end-labels.ts';
import { figureFontSize } from '../../../src/report/figure-frame.ts';
import { ink } from '../../../src/report/palette.ts';
import { plotPanel, svgElement } from '../../../src/report/svg.ts';
import type { ComparedEvaluator, GroupCurves, MeanPoint } from './group-curves.ts';
import { type SeriesStyle, seriesStyle } from './series-style.ts';

/** What one panel shows. */
export interface ComparisonPanel {
  readonly evaluator: ComparedEvaluator;
  /** One per group, in their order. */
  readonly curves: readonly GroupCurves[];
  /** At the end of each group's line. */
  readonly labels: readonly string[];
  /** Sequences at the right end of the x axis. */
  readonly endSequences: number;
  /** Whether .5 is what guessing gives. */
  readonly half: boolean;
}

/** Where a panel stands, in px, its heading and the name of its x axis included. */
export interface PanelPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Room right of the axes for labels. */
  readonly right: number;
}

const headingHeight = 26;
const axisHeight = 26;
export const panelLeft = 44;

const lineWidths = { mean: 2.2, single: 1.8, member: 0.8 } as const;

function lineMark(
  points: readonly { readonly sequences: number; readonly value: number }[],
  { stroke, dash }: SeriesStyle,
  strokeWidth: number,
  strokeOpacity = 1,
): Plot.Markish {
  const style = { stroke, strokeWidth, strokeOpacity, strokeDasharray: dash, strokeLinecap: 'butt' } as const;
  return Plot.line(points, { x: 'sequences', y: 'value', ...style });
}

/** A single measurement is no line. */
function pointMark(
  point: { readonly sequences: number; readonly value: number },
  { stroke }: SeriesStyle,
): Plot.Markish {
  return Plot.dot([point], { x: 'sequences', y: 'value', r: 2.5, fill: stroke });
}

/** Thin lines and bands first, so that no mean is covered. */
function seriesMarks(curves: readonly GroupCurves[]): Plot.Markish[] {
  const behind = curves.flatMap(({ runs, mean }, i) => {
    const style = seriesStyle(i);
    if (runs.length < 2) return [];
    return [
      Plot.areaY(mean, {
        x: 'sequences',
        y1: (point: MeanPoint) => point.smallest,
        y2: (point: MeanPoint) => point.largest,
        fill: style.stroke,
        fillOpacity: 0.16,
      }),
      ...runs.map((run) => lineMark(run, { ...style, dash: 'none' }, lineWidths.member, 0.6)),
    ];
  });
  const front = curves.flatMap(({ runs, mean }, i) => {
    const line = runs.length < 2 ? (runs[0] ?? []) : mean;
    const width = runs.length < 2 ? lineWidths.single : lineWidths.mean;
    return line.length === 1 ? [pointMark(line[0], seriesStyle(i))] : [lineMark(line, seriesStyle(i), width)];
  });
  return [...behind, ...front];
}

/** The largest accuracy of a panel: IWL's stays small, and would lie on the axis if that went to 1. */
function largestOf(curves: readonly GroupCurves[]): number {
  return curves.flatMap(({ runs }) => runs.flat()).reduce((most, { value }) => Math.max(most, value), 0);
}

export function drawComparisonPanel(
  document: Document,
  panel: ComparisonPanel,
  place: PanelPlace,
): Element[] {
  const { evaluator, curves, labels, endSequences } = panel;
  const { x, y, width, height, right } = place;
  const isPlainAccuracy = evaluator.metric === 'accuracy';
  const levels = levelsUpTo(isPlainAccuracy ? largestOf(curves) : 1);
  const top = levels.at(-1) ?? 1;
  const innerWidth = width - panelLeft - right;
  const innerHeight = height - headingHeight - axisHeight;
  const toX = (sequences: number): number => panelLeft + (innerWidth * sequences) / endSequences;
  const toY = (value: number): number => headingHeight + innerHeight * (1 - value / top);
  const fontSize = figureFontSize;
  const plot = plotPanel(
    document,
    { x, y },
    {
      width,
      height,
      marginTop: headingHeight,
      marginRight: right,
      marginBottom: axisHeight,
      marginLeft: panelLeft,
      style: { fontSize: `${fontSize}px` },
      x: { domain: [0, endSequences], label: null },
      y: { domain: [0, top], label: null },
      marks: [
        ...accuracyAxes({
          endSequences,
          width: innerWidth,
          fontSize,
          levels,
          half: panel.half && !isPlainAccuracy,
        }),
        ...seriesMarks(curves),
      ],
    },
  );
  plot.setAttribute('font-size', String(fontSize));
  const over = svgElement(document, 'g', { transform: `translate(${x},${y})`, 'font-size': fontSize });
  const unit = isPlainAccuracy ? 'accuracy over all labels' : 'in-context accuracy';
  over.append(
    svgElement(
      document,
      'text',
      { x: panelLeft, y: 13, 'font-size': 15, 'font-weight': 600, fill: ink.text },
      evaluator.displayName,
    ),
    svgElement(document, 'text', { x: width - right, y: 13, 'text-anchor': 'end', fill: ink.muted }, unit),
  );
  const ends = curves.flatMap(({ runs, mean }, i): EndLabel[] => {
    const longest = runs.length < 2 || mean.length === 0 ? runs[0] : mean;
    const last = longest?.at(-1);
    if (last === undefined) return [];
    const { stroke, labelFill } = seriesStyle(i);
    return [{ text: labels[i], x: toX(last.sequences), y: toY(last.value), stroke, fill: labelFill }];
  });
  const frame = { fontSize, top: headingHeight + 2, bottom: toY(0) - fontSize * 0.6, right: width - right };
  over.append(...endLabels(document, ends, frame));
  return [plot, over];
}
