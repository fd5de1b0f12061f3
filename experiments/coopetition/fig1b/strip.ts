/** The strip under a panel of figure 1b: which strategy rules when. Told apart by words and by grey, not by hue alone. */
import { strategyNames } from '../../../src/evaluate/dominant-strategy.ts';
import { bandFill, ink } from '../../../src/report/palette.ts';
import { svgElement } from '../../../src/report/svg.ts';
import { textWidth } from '../../../src/report/text-width.ts';
import { panelMargins } from './panel.ts';
import type { StrategySpan } from './strategy-spans.ts';

interface StripOptions {
  readonly x: number;
  readonly y: number;
  /** Width in px of the panel above, margins included. */
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  readonly endSequences: number;
  readonly spans: readonly StrategySpan[];
  /** At the right of the strip. */
  readonly label: string;
}

/** Fill of a strategy's span and of the text on it. */
export const spanFills = {
  none: { fill: bandFill.light, text: ink.text },
  icl: { fill: bandFill.dark, text: ink.paper },
  ciwl: { fill: bandFill.middle, text: ink.text },
} as const;

export function drawStrip(document: Document, options: StripOptions): Element {
  const { fontSize, height, endSequences } = options;
  const inner = options.width - panelMargins.left - panelMargins.right;
  const toX = (sequences: number): number => panelMargins.left + (inner * sequences) / endSequences;
  const strip = svgElement(document, 'g', {
    transform: `translate(${options.x},${options.y})`,
    'font-size': fontSize,
  });
  for (const span of options.spans) {
    const [from, to] = [toX(span.from), toX(span.to)];
    const { fill, text } = spanFills[span.strategy];
    const name = strategyNames[span.strategy];
    strip.append(svgElement(document, 'rect', { x: from, y: 0, width: to - from, height, fill }));
    if (textWidth(name, fontSize, 600) > to - from) continue;
    strip.append(
      svgElement(
        document,
        'text',
        {
          x: (from + to) / 2,
          y: height / 2 + fontSize * 0.34,
          'text-anchor': 'middle',
          fill: text,
          'font-weight': 600,
        },
        name,
      ),
    );
  }
  strip.append(
    svgElement(
      document,
      'text',
      { x: options.width - panelMargins.right + 12, y: height / 2 + fontSize * 0.34, fill: ink.muted },
      options.label,
    ),
  );
  return strip;
}
