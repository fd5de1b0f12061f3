/** A panel of shares, heads by tokens: each cell has its number, and a shade for who looks from afar. */
import { figureFontSize } from '../../../src/report/figure-frame.ts';
import { formatAccuracy } from '../../../src/report/format.ts';
import { ink, okabeIto } from '../../../src/report/palette.ts';
import { svgElement } from '../../../src/report/svg.ts';
import type { HeatmapPanel } from './content.ts';
import { panelHeading, type PanelPlace } from './panel-frame.ts';

const plainNameWidth = 78;
const rowHeight = 24;
const top = 50;
const noteGap = 10;

/** Height in px that a heatmap needs. */
export function heatmapHeight({ rows }: HeatmapPanel): number {
  return top + rows.length * rowHeight + (rows.some(({ isNote }) => isNote) ? noteGap : 0) + 34;
}

export function drawHeatmapPanel(document: Document, panel: HeatmapPanel, place: PanelPlace): Element[] {
  const { nameWidth = plainNameWidth } = panel;
  const cellWidth = (place.width - nameWidth - 16) / panel.columns.length;
  const group = svgElement(document, 'g', {
    transform: `translate(${place.x},${place.y})`,
    'font-size': figureFontSize,
  });
  group.append(panelHeading(document, panel.heading));
  panel.columns.forEach((name, column) =>
    group.append(text(document, name, nameWidth + (column + 0.5) * cellWidth, top - 8, 'middle', ink.muted)),
  );
  let y = top;
  let bottom = y;
  for (const { name, values, isNote = false } of panel.rows) {
    if (isNote && bottom === y) y += noteGap;
    group.append(
      text(document, name, nameWidth - 8, y + rowHeight * 0.68, 'end', isNote ? ink.muted : ink.text),
    );
    values.forEach((value, column) => {
      const x = nameWidth + column * cellWidth;
      if (!Number.isFinite(value)) return;
      const opacity = Math.min(1, Math.max(0, value));
      group.append(
        svgElement(document, 'rect', {
          x: x + 1,
          y: y + 1,
          width: cellWidth - 2,
          height: rowHeight - 2,
          fill: okabeIto.blue,
          'fill-opacity': Number(opacity.toFixed(3)),
          stroke: ink.grid,
        }),
        text(
          document,
          formatAccuracy(value),
          x + cellWidth / 2,
          y + rowHeight * 0.68,
          'middle',
          opacity > 0.55 ? ink.paper : ink.text,
        ),
      );
    });
    y += rowHeight;
    if (!isNote) bottom = y;
  }
  const middle = nameWidth + (panel.columns.length * cellWidth) / 2;
  group.append(text(document, panel.columnLabel, middle, y + 20, 'middle', ink.muted));
  return [group];
}

function text(
  document: Document,
  content: string,
  x: number,
  y: number,
  anchor: 'middle' | 'end',
  fill: string,
): Element {
  return svgElement(document, 'text', { x, y, 'text-anchor': anchor, fill }, content);
}
