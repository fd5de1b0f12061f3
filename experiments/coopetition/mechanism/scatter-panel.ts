/** A panel of points, with the diagonal on which both quantities are the same. */
import * as Plot from '@observablehq/plot';
import { figureFontSize } from '../../../src/report/figure-frame.ts';
import { ink, okabeIto } from '../../../src/report/palette.ts';
import { plotPanel, svgElement } from '../../../src/report/svg.ts';
import type { ScatterPanel } from './content.ts';
import { xLabel } from './lines-panel.ts';
import {
  axisLabel,
  formatTick,
  panelHeading,
  panelMargins,
  type PanelPlace,
  rangeOf,
} from './panel-frame.ts';

export function drawScatterPanel(document: Document, panel: ScatterPanel, place: PanelPlace): Element[] {
  const { width, height } = place;
  const [xs, ys] = [rangeOf(panel.x.ticks), rangeOf(panel.y.ticks)];
  const low = Math.max(xs[0], ys[0]);
  const high = Math.min(xs[1], ys[1]);
  const axis = { tickFormat: formatTick, color: ink.muted, fontSize: figureFontSize } as const;
  const plot = plotPanel(document, place, {
    width,
    height,
    marginTop: panelMargins.top,
    marginRight: panelMargins.right,
    marginBottom: panelMargins.bottom,
    marginLeft: panelMargins.left,
    style: { fontSize: `${figureFontSize}px` },
    x: { domain: xs, label: null },
    y: { domain: ys, label: null },
    marks: [
      Plot.gridY(panel.y.ticks, { stroke: ink.grid, strokeOpacity: 1 }),
      Plot.gridX(panel.x.ticks, { stroke: ink.grid, strokeOpacity: 1 }),
      Plot.axisX(panel.x.ticks, { ...axis, tickSize: 4 }),
      Plot.axisY(panel.y.ticks, { ...axis, tickSize: 0 }),
      Plot.line(
        [
          { x: low, y: low },
          { x: high, y: high },
        ],
        { x: 'x', y: 'y', stroke: ink.rule, strokeDasharray: '4 3' },
      ),
      Plot.dot(panel.points, { x: 'x', y: 'y', r: 1.6, fill: okabeIto.blue, fillOpacity: 0.45 }),
    ],
  });
  plot.setAttribute('font-size', String(figureFontSize));
  const over = svgElement(document, 'g', {
    transform: `translate(${place.x},${place.y})`,
    'font-size': figureFontSize,
  });
  const middle = panelMargins.left + (width - panelMargins.left - panelMargins.right) / 2;
  over.append(
    panelHeading(document, panel.heading),
    axisLabel(document, panel.y.label, panelMargins.left, panelMargins.top),
    xLabel(document, panel.x.label, middle, height),
  );
  return [plot, over];
}
