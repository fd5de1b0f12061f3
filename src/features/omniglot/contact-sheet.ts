/**
 * A picture to look at what was read: one line for each of some characters, spread over all of them; in a line first
 * drawings by several drawers, upright, then the first drawing in all orientations.
 */
import { drawingNumber, type Drawings, inkOf, side } from './drawings.ts';
import { orientationOrder, orientations } from './orientations.ts';

/** Pixels between drawings, and between the two parts of a line. */
const gap = 8;
const wideGap = 4 * gap;
const paper = 255;
const backdrop = 216;

export interface ContactSheet {
  readonly width: number;
  readonly height: number;
  /** Grey values, row by row. */
  readonly pixels: Uint8Array;
  /** Characters shown, from the top. */
  readonly characters: readonly number[];
}

/** @param lines characters shown, @param drawers shown of each; as many as there are, at most */
export function contactSheet(drawings: Drawings, lines = 12, drawers = 8): ContactSheet {
  const count = Math.min(lines, drawings.characters.length);
  const columns = Math.min(drawers, drawings.drawers);
  const characters = Array.from({ length: count }, (_, i) =>
    Math.floor((i * drawings.characters.length) / count),
  );
  const step = side + gap;
  const width = gap + (columns + orientations) * step + wideGap - gap;
  const height = gap + count * step;
  const pixels = new Uint8Array(width * height).fill(backdrop);
  const ink = new Uint8Array(side * side);
  const paste = (left: number, top: number, order: Uint16Array) => {
    order.forEach((from, i) => {
      pixels[(top + Math.floor(i / side)) * width + left + (i % side)] = ink[from] === 1 ? 0 : paper;
    });
  };
  const orders = Array.from({ length: orientations }, (_, orientation) =>
    orientationOrder(orientation, side),
  );
  characters.forEach((character, line) => {
    const top = gap + line * step;
    for (let drawer = 0; drawer < columns; drawer++) {
      inkOf(drawings, drawingNumber(drawings, character, drawer), ink);
      paste(gap + drawer * step, top, orders[0]);
    }
    inkOf(drawings, drawingNumber(drawings, character, 0), ink);
    orders.forEach((order, i) => paste(columns * step + wideGap + i * step, top, order));
  });
  return { width, height, pixels, characters };
}
