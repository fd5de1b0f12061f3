/** How each of several series is drawn: colour and dashes, so that readers without colour tell them apart too. */
import { okabeIto, labelInk } from '../../../src/report/palette.ts';

export interface SeriesStyle {
  readonly stroke: string;
  readonly labelFill: string;
  /** SVG dash pattern. */
  readonly dash: string;
}

const hues = ['blue', 'vermillion', 'green', 'purple', 'black', 'orange', 'sky', 'grey'] as const;

const dashes = ['none', '8 3', '3 2', '10 3 2 3', '5 3', '1.5 1.5', '14 4', '6 2 2 2 2 2'] as const;

/** Eight hues with their own dashes; from the ninth series on the hues come again with others. */
export function seriesStyle(index: number): SeriesStyle {
  const hue = hues[index % hues.length];
  const dash = dashes[(index + Math.floor(index / hues.length)) % dashes.length];
  return { stroke: okabeIto[hue], labelFill: labelInk[hue], dash };
}
