/** A panel of figure 1b with its heading above and, below, the strips of dominant strategies and the x axis' name. */
import type { Moments } from '../../../src/evaluate/moments.ts';
import { figureFontSize } from '../../../src/report/figure-frame.ts';
import { ink } from '../../../src/report/palette.ts';
import { svgElement } from '../../../src/report/svg.ts';
import { wrapText } from '../../../src/report/text-width.ts';
import { drawPanel, panelMargins } from './panel.ts';
import type { Fig1bCurves } from './series.ts';
import { strategySpans } from './strategy-spans.ts';
import { drawStrip } from './strip.ts';

/** What one panel shows. */
export interface Drawing {
  readonly heading: string;
  readonly curves: Fig1bCurves;
  readonly moments: Moments;
  /** Sequences at the right end of the x axis. */
  readonly endSequences: number;
  /** Width in px of the curves' lines. */
  readonly lineWidth: number;
  /** The paper's curves, drawn behind as thin lines and given a strip of their own. */
  readonly behind?: Fig1bCurves;
}

/** Where a titled panel stands, in px: its top left corner, its width, and the height of the panel proper. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly panelHeight: number;
}

const headingSize = 15;
const headingLine = 19;
const stripHeight = 22;
const stripGap = 3;
const axisNameHeight = 24;

function headingLines(drawing: Drawing, width: number): string[] {
  return wrapText(drawing.heading, headingSize, width - panelMargins.left - 8, 600);
}

function stripsOf(drawing: Drawing): { label: string; curves: Fig1bCurves }[] {
  if (drawing.behind === undefined) return [{ label: 'dominant', curves: drawing.curves }];
  return [
    { label: 'this run', curves: drawing.curves },
    { label: 'the paper', curves: drawing.behind },
  ];
}

/** Height in px that `drawTitledPanel` fills from `place.y` down. */
export function titledPanelHeight(drawing: Drawing, place: Omit<Place, 'x' | 'y'>): number {
  const heading = headingLines(drawing, place.width).length * headingLine;
  return (
    heading + 8 + place.panelHeight + stripsOf(drawing).length * (stripHeight + stripGap) + axisNameHeight
  );
}

export function drawTitledPanel(document: Document, drawing: Drawing, place: Place): Element[] {
  const { x, width } = place;
  const { endSequences, curves, moments, lineWidth, behind } = drawing;
  const lines = headingLines(drawing, width);
  const panelTop = place.y + lines.length * headingLine + 8;
  const stripTop = panelTop + place.panelHeight;
  const strips = stripsOf(drawing);
  const heading = { x: x + panelMargins.left, 'font-size': headingSize, 'font-weight': 600, fill: ink.text };
  const axisName = {
    x: x + panelMargins.left + (width - panelMargins.left - panelMargins.right) / 2,
    y: stripTop + strips.length * (stripHeight + stripGap) + 14,
    'text-anchor': 'middle',
    fill: ink.muted,
  };
  return [
    ...lines.map((line, i) =>
      svgElement(document, 'text', { ...heading, y: place.y + (i + 0.8) * headingLine }, line),
    ),
    ...drawPanel(document, {
      x,
      y: panelTop,
      width,
      height: place.panelHeight,
      fontSize: figureFontSize,
      endSequences,
      lineWidth,
      curves,
      moments,
      ...(behind === undefined ? {} : { behind }),
      yLabel: curves.iwl.length > 0 ? 'in-context accuracy (IWL: accuracy)' : 'in-context accuracy',
    }),
    ...strips.map((strip, i) =>
      drawStrip(document, {
        x,
        y: stripTop + i * (stripHeight + stripGap),
        width,
        height: stripHeight,
        fontSize: figureFontSize,
        endSequences,
        spans: strategySpans(strip.curves),
        label: strip.label,
      }),
    ),
    svgElement(document, 'text', axisName, 'sequences seen'),
  ];
}
