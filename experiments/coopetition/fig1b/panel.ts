/** One panel of figure 1b: the curves over sequences with their error bands, moments and labels. */
import * as Plot from '@observablehq/plot';
import { wilsonInterval } from '../../../src/evaluate/binomial.ts';
import type { CurvePoint } from '../../../src/evaluate/curve.ts';
import { momentNumbers, type Moments } from '../../../src/evaluate/moments.ts';
import { dodge } from '../../../src/report/dodge.ts';
import { formatAccuracy, formatSequences } from '../../../src/report/format.ts';
import { ink } from '../../../src/report/palette.ts';
import { plotPanel, svgElement } from '../../../src/report/svg.ts';
import { textWidth } from '../../../src/report/text-width.ts';
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

const badgeRadius = 9;

type Banded = CurvePoint & { readonly n: number };

/** Ticks a reader can name: 1, 2, 2.5 or 5 times a power of ten apart, at most `most` of them after 0. */
export function sequenceTicks(end: number, most: number): number[] {
  let power = 1;
  while (power * 10 <= end / most) power *= 10;
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => end / size <= most) ?? end;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => i * step);
}

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
  const ticks = sequenceTicks(endSequences, Math.max(2, Math.floor(inner.width / (4.2 * fontSize))));

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
        Plot.gridY([0.2, 0.4, 0.6, 0.8, 1], { stroke: ink.grid, strokeOpacity: 1 }),
        Plot.ruleY([0], { stroke: ink.rule }),
        Plot.ruleY([0.5], { stroke: ink.rule, strokeDasharray: '1 3' }),
        Plot.axisX(ticks, { tickFormat: formatSequences, color: ink.muted, tickSize: 4, fontSize }),
        Plot.axisY([0, 0.2, 0.4, 0.6, 0.8, 1], {
          tickFormat: (value: number) =>
            value === 0 || value === 1 ? String(value) : formatAccuracy(value, 1),
          color: ink.muted,
          tickSize: 0,
          fontSize,
        }),
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
    ...momentBadges(
      document,
      found.map((moment) => ({ number: moment.number, x: toX(moment.sequences) })),
      width - panelMargins.right,
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
  over.append(...endLabels(document, curves, { toX, toY, fontSize, right: width - panelMargins.right }));
  return [plot, over];
}

/** Numbers above the moments' lines, apart from each other and clear of the axis' numbers, each tied to its line. */
function momentBadges(
  document: Document,
  badges: readonly { number: number; x: number }[],
  right: number,
): Element[] {
  const xs = dodge(
    badges.map((badge) => badge.x),
    2 * badgeRadius + 2,
    panelMargins.left + badgeRadius,
    right,
  );
  const y = 28;
  return badges.flatMap((badge, i) => [
    svgElement(document, 'path', {
      d: `M${badge.x},${panelMargins.top}L${xs[i]},${y}`,
      fill: 'none',
      stroke: ink.rule,
    }),
    svgElement(document, 'circle', { cx: xs[i], cy: y, r: badgeRadius, fill: ink.text }),
    svgElement(
      document,
      'text',
      { x: xs[i], y: y + 4.2, 'text-anchor': 'middle', fill: ink.paper, 'font-size': 12, 'font-weight': 600 },
      String(badge.number),
    ),
  ]);
}

interface LabelFrame {
  readonly toX: (sequences: number) => number;
  readonly toY: (value: number) => number;
  readonly fontSize: number;
  readonly right: number;
}

/** An outline in the colour of the paper, so that text stays legible over lines. */
const halo = {
  stroke: ink.paper,
  'stroke-width': 3,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
} as const;

/** Name and last value of each curve beside its end, apart from each other, tied to it by a hair line where moved. */
function endLabels(document: Document, curves: Fig1bCurves, frame: LabelFrame): Element[] {
  const labelled = fig1bEvaluators.flatMap((evaluator) => {
    const last = curves[evaluator].at(-1);
    return last === undefined ? [] : [{ style: seriesStyles[evaluator], last }];
  });
  const wanted = labelled.map(({ last }) => frame.toY(last.value));
  const texts = labelled.map(({ style, last }) => `${style.name} ${formatAccuracy(last.value)}`);
  // The lowest label stands clear of the axis, which would strike it through.
  const placed = dodge(wanted, frame.fontSize * 1.18, frame.toY(1) - 4, frame.toY(0) - frame.fontSize * 0.6);
  // A run in progress ends well within the axes: its labels stand where it is.
  const end = Math.max(0, ...labelled.map(({ last }) => frame.toX(last.sequences)));
  const widest = Math.max(0, ...texts.map((text) => textWidth(text, frame.fontSize, 600)));
  const to = (end + widest + 4 < frame.right ? end : frame.right) + 12;
  return labelled.flatMap(({ style, last }, i) => {
    const from = frame.toX(last.sequences);
    return [
      svgElement(document, 'path', {
        d: `M${from + 2},${wanted[i]}L${to - 3},${placed[i]}`,
        fill: 'none',
        stroke: style.stroke,
        'stroke-width': 0.8,
      }),
      svgElement(
        document,
        'text',
        { x: to, y: placed[i] + frame.fontSize * 0.34, fill: style.labelFill, 'font-weight': 600, ...halo },
        texts[i],
      ),
    ];
  });
}
