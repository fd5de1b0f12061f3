/**
 * Which drawing, in which orientation, each exemplar of each class is. `text` is what the paper says: every orientation
 * of a character is a class of its own, `row = orientation * characters + character`, `exemplar = drawer`. `released`
 * is what the extractor that was released with it does, which strides over the wrong axis: its flat index
 * `drawers * row + exemplar` counts the orientations of a drawing first, then drawings, then characters, so that a row
 * mixes two or three drawings of one character in all orientations (docs/specification.md, decision 1).
 */
import { orientations } from './orientations.ts';

export const layouts = ['text', 'released'] as const;

export type Layout = (typeof layouts)[number];

export interface Placed {
  readonly character: number;
  readonly drawer: number;
  readonly orientation: number;
}

/** Of `characters * orientations` rows of `drawers` exemplars. */
export function placed(
  layout: Layout,
  row: number,
  exemplar: number,
  { characters, drawers }: { readonly characters: number; readonly drawers: number },
): Placed {
  if (layout === 'text')
    return { character: row % characters, drawer: exemplar, orientation: Math.floor(row / characters) };
  const flat = drawers * row + exemplar;
  const drawing = Math.floor(flat / orientations);
  return {
    character: Math.floor(drawing / drawers),
    drawer: drawing % drawers,
    orientation: flat % orientations,
  };
}
