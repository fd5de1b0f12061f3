/** What all panels of a mechanism figure share: where they stand, their margins, headings and numbers on axes. */
import { ink } from '../../../src/report/palette.ts';
import { svgElement } from '../../../src/report/svg.ts';

/** Place and size of a panel in px, heading and names of axes included. */
export interface PanelPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** In px around the axes; `label` on the right where lines have names. */
export const panelMargins = { top: 46, right: 16, bottom: 40, left: 46, label: 74 } as const;

export function panelHeading(document: Document, text: string): Element {
  return svgElement(
    document,
    'text',
    { x: 12, y: 15, 'font-size': 15, 'font-weight': 600, fill: ink.text },
    text,
  );
}

/** The name of the y axis, above it. */
export function axisLabel(document: Document, text: string, left: number, top: number): Element {
  return svgElement(document, 'text', { x: left - 34, y: top - 12, fill: ink.muted }, text);
}

/** `.5`, `-.25`, `1`, `8`: as few digits as there are. */
export function formatTick(value: number): string {
  return String(Number(value.toFixed(4))).replace(/^(-?)0\./, '$1.');
}

export function rangeOf(ticks: readonly number[]): readonly [least: number, greatest: number] {
  return [Math.min(...ticks), Math.max(...ticks)];
}
