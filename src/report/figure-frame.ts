/** What every figure stands in: paragraphs over its width, and the `<svg>` with its title and description. */
import { ink } from './palette.ts';
import { figureFont, serializeSvg, svgElement } from './svg.ts';
import { wrapText } from './text-width.ts';

/** Font size in px of everything in a figure but titles. */
export const figureFontSize = 13;

export interface Block {
  readonly elements: readonly Element[];
  /** The y just below, in px. */
  readonly bottom: number;
}

interface TextStyle {
  readonly size: number;
  readonly line: number;
  readonly fill: string;
  readonly weight: 400 | 600;
}

export const textStyles = {
  title: { size: 20, line: 25, fill: ink.text, weight: 600 },
  subtitle: { size: 14, line: 19, fill: ink.muted, weight: 400 },
  caption: { size: figureFontSize, line: 18, fill: ink.text, weight: 400 },
  note: { size: figureFontSize, line: 18, fill: ink.muted, weight: 400 },
} as const;

/** A paragraph over the whole width of the figure, from `top` down. */
export function paragraph(
  document: Document,
  text: string,
  style: TextStyle,
  width: number,
  top: number,
): Block {
  const lines = wrapText(text, style.size, width - 24, style.weight);
  const attributes = { x: 12, 'font-size': style.size, 'font-weight': style.weight, fill: style.fill };
  return {
    elements: lines.map((line, i) =>
      svgElement(document, 'text', { ...attributes, y: top + (i + 0.8) * style.line }, line),
    ),
    bottom: top + lines.length * style.line,
  };
}

export interface FigureOptions {
  /** `wide` for paper and desk, `narrow` for a telephone. */
  readonly layout?: 'wide' | 'narrow';
  /** With title, background, caption and font, or bare for a page that has its own. */
  readonly standalone?: boolean;
  /** Prefix of the ids inside; must differ between figures on one page. */
  readonly id?: string;
}

interface FigureFrame {
  readonly width: number;
  readonly height: number;
  readonly standalone: boolean;
  readonly id: string;
  readonly title: string;
  /** What the figure shows, in words, for those who cannot see it. */
  readonly description: string;
}

/** The whole figure as text. */
export function frameFigure(document: Document, frame: FigureFrame, elements: readonly Element[]): string {
  const { width, height, standalone, id, title, description } = frame;
  return serializeSvg(
    svgElement(
      document,
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        'font-family': standalone ? figureFont : undefined,
        'font-size': figureFontSize,
        role: 'img',
        'aria-labelledby': `${id}-title ${id}-description`,
      },
      svgElement(document, 'title', { id: `${id}-title` }, title),
      svgElement(document, 'desc', { id: `${id}-description` }, description),
      ...(standalone ? [svgElement(document, 'rect', { width, height, fill: ink.paper })] : []),
      ...elements,
    ),
  );
}
