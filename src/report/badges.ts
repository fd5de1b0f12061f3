/** Numbers above a panel, each tied to a moment on its x axis. */
import { dodge } from './dodge.ts';
import { ink } from './palette.ts';
import { svgElement } from './svg.ts';

export interface Badge {
  readonly number: number;
  /** In px. */
  readonly x: number;
}

interface BadgeFrame {
  /** Where the axes begin and end and how far down their top is, in px. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

export const badgeRadius = 9;

/** How far down the badges' middles stand, in px. */
const middle = 28;

/** Apart from each other and clear of the axis' numbers, in order of x. */
export function badgesAbove(document: Document, badges: readonly Badge[], frame: BadgeFrame): Element[] {
  const xs = dodge(
    badges.map(({ x }) => x),
    2 * badgeRadius + 2,
    frame.left + badgeRadius,
    frame.right,
  );
  return badges.flatMap(({ number, x }, i) => [
    svgElement(document, 'path', {
      d: `M${x},${frame.top}L${xs[i]},${middle}`,
      fill: 'none',
      stroke: ink.rule,
    }),
    svgElement(document, 'circle', { cx: xs[i], cy: middle, r: badgeRadius, fill: ink.text }),
    svgElement(
      document,
      'text',
      {
        x: xs[i],
        y: middle + 4.2,
        'text-anchor': 'middle',
        fill: ink.paper,
        'font-size': 12,
        'font-weight': 600,
      },
      String(number),
    ),
  ]);
}
