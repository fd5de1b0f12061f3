/** A panel of lines, or of single points, over sequences seen or any other quantity. */
import * as Plot from '@observablehq/plot';
import { sequenceTicks } from '../../../src/report/axes.ts';
import { type EndLabel, endLabels } from '../../../src/report/end-labels.ts';
import { figureFontSize } from '../../../src/report/figure-frame.ts';
import { formatSequences } from '../../../src/report/format.ts';
import { ink } from '../../../src/report/palette.ts';
import { plotPanel, svgElement } from '../../../src/report/svg.ts';
import { seriesStyle } from '../comparison/series-style.ts';
import type { LinesPanel, PanelSeries } from './content.ts';
import {
  axisLabel,
  formatTick,
  panelHeading,
  panelMargins,
  type PanelPlace,
  rangeOf,
} from './panel-frame.ts';

const quiet = { stroke: ink.rule, labelFill: ink.muted, dash: 'none' };

function styleOf({ style }: PanelSeries) {
  return style === 'quiet' ? quiet : seriesStyle(style);
}

function seriesMark(series: PanelSeries): Plot.Markish {
  const { stroke, dash } = styleOf(series);
  if (series.marks === 'dots')
    return Plot.dot(series.points, { x: 'x', y: 'y', r: 3, stroke, strokeWidth: 1.4, fill: ink.paper });
  return Plot.line(series.points, {
    x: 'x',
    y: 'y',
    stroke,
    strokeWidth: series.style === 'quiet' ? 0.9 : 1.8,
    strokeOpacity: series.style === 'quiet' ? 0.7 : 1,
    strokeDasharray: dash,
    strokeLinecap: 'butt',
  });
}

/** Ends, ticks and numbers of a panel's x axis, and where along it from 0 to 1 a value stands. */
function xAxisOf({ x }: LinesPanel, width: number) {
  if (x.kind === 'number') {
    const [low, high] = rangeOf(x.ticks);
    const { ticks, isLog = false } = x;
    const share = (value: number) =>
      isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return { domain: [low, high], ticks, format: formatTick, type: isLog ? 'log' : 'linear', share } as const;
  }
  const { end, isRoot = false } = x;
  const share = (value: number) => (isRoot ? Math.sqrt(value / end) : value / end);
  const most = Math.max(2, Math.floor(width / 55));
  const ticks = isRoot ? rootTicks(end, most) : sequenceTicks(end, most);
  return {
    domain: [0, end],
    ticks,
    format: formatSequences,
    type: isRoot ? 'sqrt' : 'linear',
    share,
  } as const;
}

/** 0 and numbers a reader can name, so far apart that each has its place on a square-root axis. */
function rootTicks(end: number, most: number): number[] {
  const ticks = [0];
  const apart = 1 / (most + 1);
  for (let power = 1; power <= end; power *= 10) {
    for (const value of [power, 2 * power, 5 * power]) {
      const last = Math.sqrt((ticks.at(-1) ?? 0) / end);
      if (value <= end && Math.sqrt(value / end) - last >= apart) ticks.push(value);
    }
  }
  return ticks;
}

/** What lies beyond the y axis is left out. */
function inside(series: PanelSeries, bottom: number, top: number): PanelSeries {
  const points = series.points.map(({ x, y }) => ({ x, y: y < bottom || y > top ? Number.NaN : y }));
  return { ...series, points };
}

export function drawLinesPanel(document: Document, panel: LinesPanel, place: PanelPlace): Element[] {
  const { width, height } = place;
  const named = panel.series.some(({ name }) => name !== '');
  const margins = { ...panelMargins, right: named ? panelMargins.label : panelMargins.right };
  const inner = {
    width: width - margins.left - margins.right,
    height: height - margins.top - margins.bottom,
  };
  const { domain, ticks, format, type, share } = xAxisOf(panel, inner.width);
  const [bottom, top] = rangeOf(panel.y.ticks);
  const isFront = ({ style }: PanelSeries) => Number(style !== 'quiet');
  const ordered = panel.series
    .toSorted((a, b) => isFront(a) - isFront(b))
    .map((series) => inside(series, bottom, top));
  const plot = plotPanel(document, place, {
    width,
    height,
    marginTop: margins.top,
    marginRight: margins.right,
    marginBottom: margins.bottom,
    marginLeft: margins.left,
    style: { fontSize: `${figureFontSize}px` },
    x: { domain, type, label: null },
    y: { domain: [bottom, top], label: null },
    marks: [
      Plot.gridY(panel.y.ticks, { stroke: ink.grid, strokeOpacity: 1 }),
      Plot.ruleY([bottom], { stroke: ink.rule }),
      ...(panel.level === undefined
        ? []
        : [Plot.ruleY([panel.level], { stroke: ink.rule, strokeDasharray: '1 3' })]),
      // As text, not as a format: on a logarithmic axis a format leaves numbers out.
      Plot.axisX(ticks, { text: format, color: ink.muted, tickSize: 4, fontSize: figureFontSize }),
      Plot.axisY(panel.y.ticks, {
        tickFormat: formatTick,
        color: ink.muted,
        tickSize: 0,
        fontSize: figureFontSize,
      }),
      ...ordered.map(seriesMark),
    ],
  });
  plot.setAttribute('font-size', String(figureFontSize));
  const toX = (x: number): number => margins.left + inner.width * share(x);
  const toY = (y: number): number => margins.top + inner.height * (1 - (y - bottom) / (top - bottom));
  const labels = panel.series.flatMap((series): EndLabel[] => {
    const last = series.points.at(-1);
    if (series.name === '' || last === undefined) return [];
    const { stroke, labelFill } = styleOf(series);
    return [{ text: series.name, x: toX(last.x), y: toY(last.y), stroke, fill: labelFill }];
  });
  const over = svgElement(document, 'g', {
    transform: `translate(${place.x},${place.y})`,
    'font-size': figureFontSize,
  });
  const frame = {
    fontSize: figureFontSize,
    top: margins.top,
    bottom: toY(bottom),
    right: width - margins.right,
  };
  over.append(
    panelHeading(document, panel.heading),
    axisLabel(document, panel.y.label, margins.left, margins.top),
    xLabel(
      document,
      panel.x.kind === 'number'
        ? panel.x.label
        : type === 'sqrt'
          ? 'sequences seen (square-root axis)'
          : 'sequences seen',
      margins.left + inner.width / 2,
      height,
    ),
    ...endLabels(document, labels, frame),
  );
  return [plot, over];
}

export function xLabel(document: Document, text: string, x: number, height: number): Element {
  return svgElement(document, 'text', { x, y: height - 2, 'text-anchor': 'middle', fill: ink.muted }, text);
}
