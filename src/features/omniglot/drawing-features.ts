/** The drawings, seen by an encoder, as rows of features: what is stored. */
import type { ExemplarSource } from '../../data/exemplar-source.ts';
import type { RowBlocks } from '../../data/stored/store.ts';
import type { Encoder } from '../encoders/encoder.ts';
import { drawingNumber, type Drawings } from './drawings.ts';
import { type Layout, placed } from './layout.ts';
import { orientationOrder, orientations } from './orientations.ts';

/** Of each block of 1,623 rows the paper trains on the first 1,600; the rest is held out. */
const trainedOfBlock = 1600;

/** Rows in the order of the layout; nothing is computed before it is asked for. */
export function drawingFeatures(drawings: Drawings, encoder: Encoder, layout: Layout): ExemplarSource {
  const size = { characters: drawings.characters.length, drawers: drawings.drawers };
  const orders = Array.from({ length: orientations }, (_, i) => orientationOrder(i, encoder.grid));
  return {
    description: `Omniglot, ${encoder.name}`,
    classes: size.characters * orientations,
    exemplars: size.drawers,
    dim: encoder.dim,
    copyFeatures(row, exemplar, out, at) {
      const { character, drawer, orientation } = placed(layout, row, exemplar, size);
      encoder.encode(drawingNumber(drawings, character, drawer), orders[orientation], out, at);
    },
  };
}

/** Which rows a run takes first, so that its first 12,800 classes are those the paper trains on. */
export function trainedFirst({ characters }: Drawings): RowBlocks {
  return { rows: characters.length, first: Math.min(trainedOfBlock, characters.length) };
}
