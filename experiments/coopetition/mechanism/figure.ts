/** A mechanism figure as SVG: its panels in rows, with title and caption where it stands alone. */
import {
  type Block,
  type FigureOptions,
  frameFigure,
  paragraph,
  textStyles,
} from '../../../src/report/figure-frame.ts';
import { newDocument } from '../../../src/report/svg.ts';
import { seedsSentence, sourceSentence } from '../fig1b/wording.ts';
import type { RunInfo } from '../scale.ts';
import type { MechanismFigure, Panel } from './content.ts';
import { drawHeatmapPanel, heatmapHeight } from './heatmap-panel.ts';
import { drawLinesPanel } from './lines-panel.ts';
import type { PanelPlace } from './panel-frame.ts';
import { drawScatterPanel } from './scatter-panel.ts';
import { figureTitle } from './wording.ts';

const narrowWidth = 420;
/** Widths in px of one panel, by how many stand beside each other. */
const wideWidths: Readonly<Record<number, number>> = { 1: 640, 2: 520, 3: 400, 4: 300 };
const gap = 18;

function panelHeight(panel: Panel, width: number): number {
  if (panel.kind === 'heatmap') return heatmapHeight(panel);
  if (panel.kind === 'scatter') return Math.min(width, 480);
  return width < 350 ? 240 : 320;
}

function drawPanel(document: Document, panel: Panel, place: PanelPlace): Element[] {
  switch (panel.kind) {
    case 'lines':
      return drawLinesPanel(document, panel, place);
    case 'heatmap':
      return drawHeatmapPanel(document, panel, place);
    case 'scatter':
      return drawScatterPanel(document, panel, place);
  }
}

/** Rows of panels from `top` down. */
function panelRows(
  document: Document,
  panels: readonly Panel[],
  columns: number,
  width: number,
  top: number,
): Block {
  const elements: Element[] = [];
  let y = top;
  for (let first = 0; first < panels.length; first += columns) {
    const row = panels.slice(first, first + columns);
    const height = Math.max(...row.map((panel) => panelHeight(panel, width)));
    row.forEach((panel, column) =>
      elements.push(
        ...drawPanel(document, panel, {
          x: column * width,
          y,
          width,
          height: panel.kind === 'heatmap' ? height : panelHeight(panel, width),
        }),
      ),
    );
    y += height + gap;
  }
  return { elements, bottom: y - gap };
}

export function drawMechanism(figure: MechanismFigure, info: RunInfo, options: FigureOptions = {}): string {
  const { layout = 'wide', standalone = true, id = figure.name } = options;
  const document = newDocument();
  const columns = layout === 'narrow' ? 1 : figure.columns;
  const panelWidth = layout === 'narrow' ? narrowWidth : wideWidths[columns];
  const width = columns * panelWidth;
  const elements: Element[] = [];
  const add = (block: Block): number => {
    elements.push(...block.elements);
    return block.bottom;
  };
  const title = figureTitle(figure, info);
  let y = 4;
  if (standalone) {
    y = add(paragraph(document, title, textStyles.title, width, 10));
    const where = `${sourceSentence(info)}. ${seedsSentence(info)}.`;
    y = add(paragraph(document, where, textStyles.subtitle, width, y)) + 16;
  }
  y = add(panelRows(document, figure.panels, columns, panelWidth, y));
  if (standalone) {
    y += 8;
    for (const sentence of figure.caption)
      y = add(paragraph(document, sentence, textStyles.caption, width, y));
  }
  const frame = { width, height: Math.ceil(y + 8), standalone, id, title };
  return frameFigure(document, { ...frame, description: figure.caption.join(' ') }, elements);
}
