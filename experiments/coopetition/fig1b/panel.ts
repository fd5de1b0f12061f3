/** One panel of figure 1b: the curves over sequences with their error bands, moments and labels. */
import * as Plot from '@observablehq/plot';
import { wilsonInterval } from '../../../src/evaluate/binomial.ts';
import type { CurvePoint } from '../../../src/evaluate/curve.ts';
import { momentNumbers, type Moments } from '../../../src/evaluate/moments.ts';
import { accuracyAxes } from '../../../src/report/axes.ts';
import { badgesAbove } from '../../../src/report/badges.ts';
import { type EndLabel, endLabels } from '../../../src/report/end-labels.ts';
import { formatAccuracy } from '../../../src/report/format.ts';
import { ink } from '../../../src/report/palette.ts';
import { plotPanel, svgElement } from '../../../src/report/svg.ts';
import { type Fig1bCurves, fig1bEvaluators, seriesStyles } from './series.ts';

interface PanelOptions {
  /** Place and size in px of the whole panel, its axes and labels included. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  /** Sequences at the right end of the x axis. */
  readonly endSequences: number;
  readonly lineWidth: number;
  readonly curves: Fig1bCurves;
  readonly moments: Moments;
  /** Drawn behind, as thin lines, without labels. */
  readonly behind?: Fig1bCurves;
  readonly yLabel: string;
}

/** Margins in px around the axes; the strip below a panel shares the horizontal ones. */
export const panelMargins = { top: 50, right: 100, bottom: 30, left: 50 } as const;

type Banded = CurvePoint & { readonly n: number };

function curveMarks(curves: Fig1bCurves, width: number, opacity: number): Plot.Markish[] {
  return fig1bEvaluators.map((evaluator) => {
    const { stroke, dash } = seriesStyles[evaluator];
    return Plot.line(curves[evaluator], {
      x: 'sequences',
      y: 'value',
      stroke,
      strokeWidth: width,
      strokeOpacity: opacity,
      strokeDasharray: dash,
      strokeLinecap: 'butt',
    });
  });
}

/** The 95% interval of each mean, where the set's size is known. */
function bandMarks(curves: Fig1bCurves): Plot.Markish[] {
  return fig1bEvaluators.map((evaluator) => {
    const banded = curves[evaluator].filter((point): point is Banded => point.n !== undefined && point.n > 0);
    return Plot.areaY(banded, {
      x: 'sequences',
      y1: (point: Banded) => wilsonInterval(point.value, point.n).low,
      y2: (point: Banded) => wilsonInterval(point.value, point.n).high,
      fill: seriesStyles[evaluator].stroke,
      fillOpacity: 0.16,
    });
  });
}

/** Axes, curves and moments of the panel as one `<svg>`, then labels and badges over it. */
export function drawPanel(document: Document, options: PanelOptions): Element[] {
  const { curves, moments, width, height, fontSize, endSequences } = options;
  const inner = {
    width: width - panelMargins.left - panelMargins.right,
    height: height - panelMargins.top - panelMargins.bottom,
  };
  const toX = (sequences: number): number => panelMargins.left + (inner.width * sequences) / endSequences;
  const toY = (value: number): number => panelMargins.top + inner.height * (1 - value);
  const found = momentNumbers.flatMap((number) => moments[number] ?? []);
  const plot = plotPanel(
    document,
    { x: options.x, y: options.y },
    {
      width,
      height,
      marginTop: panelMargins.top,
      marginRight: panelMargins.right,
      marginBottom: panelMargins.bottom,
      marginLeft: panelMargins.left,
      style: { fontSize: `${fontSize}px` },
      x: { domain: [0, endSequences], label: null },
      y: { domain: [0, 1], label: null },
      marks: [
        ...accuracyAxes({ endSequences, width: inner.width, fontSize }),
        Plot.ruleX(found, { x: 'sequences', stroke: ink.rule, strokeWidth: 1, strokeDasharray: '3 3' }),
        ...(options.behind === undefined ? [] : curveMarks(options.behind, 1, 0.85)),
        ...bandMarks(curves),
        ...curveMarks(curves, options.lineWidth, 1),
        Plot.dot(found, {
          x: 'sequences',
          y: 'value',
          r: 3.6,
          fill: ink.paper,
          stroke: ink.text,
          strokeWidth: 1.5,
        }),
      ],
    },
  );
  plot.setAttribute('font-size', String(fontSize));

  const over = svgElement(document, 'g', {
    transform: `translate(${options.x},${options.y})`,
    'font-size': fontSize,
  });
  over.append(
    svgElement(document, 'text', { x: panelMargins.left, y: 12, fill: ink.muted }, options.yLabel),
    svgElement(
      document,
      'text',
      {
        x: panelMargins.left - 5,
        y: toY(0.5) + fontSize * 0.3,
        'text-anchor': 'end',
        fill: ink.muted,
        'font-size': fontSize - 2,
        'font-style': 'italic',
      },
      'chance',
    ),
  );
  over.append(
    ...badgesAbove(
      document,
      found.map((moment) => ({ number: moment.number, x: toX(moment.sequences) })),
      { ...panelMargins, right: width - panelMargins.right },
    ),
  );
  if (fig1bEvaluators.every((evaluator) => curves[evaluator].length === 0)) {
    const centre = {
      x: panelMargins.left + inner.width / 2,
      y: toY(0.7),
      'text-anchor': 'middle',
      fill: ink.text,
    };
    over.append(svgElement(document, 'text', { ...centre, 'font-size': 16 }, 'no evaluation yet'));
  }
  const labels = fig1bEvaluators.flatMap((evaluator): EndLabel[] => {
    const last = curves[evaluator].at(-1);
    if (last === undefined) return [];
    const { name, stroke, labelFill } = seriesStyles[evaluator];
    const text = `${name} ${formatAccuracy(last.value)}`;
    return [{ text, x: toX(last.sequences), y: toY(last.value), stroke, fill: labelFill }];
  });
  // The lowest label stands clear of the axis, which would strike it through.
  const frame = { fontSize, top: toY(1) - 4, bottom: toY(0) - fontSize * 0.6 };
  over.append(...endLabels(document, labels, { ...frame, right: width - panelMargins.right }));
  return [plot, over];
}
