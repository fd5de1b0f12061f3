/**
 * The drawings of Omniglot (Lake, Salakhutdinov and Tenenbaum 2015): 1,623 characters of 50 alphabets, each drawn by 20
 * people. Characters are numbered in sorted order of their paths, the background set before the evaluation set.
 */

/** Pixels along a drawing's side. */
export const side = 105;
/** Bytes of one row of pixels: bits, the first pixel highest. */
const rowBytes = Math.ceil(side / 8);
/** Bytes of one drawing. */
export const drawingBytes = rowBytes * side;

export interface Drawings {
  /** Folder of each character, `images_background/Greek/character01`: its number is its place. */
  readonly characters: readonly string[];
  /** Of each character. */
  readonly drawers: number;
  /** Path of each drawing, character by character. */
  readonly paths: readonly string[];
  /** Pixels of all drawings in that order, `drawingBytes` each; background 1, ink 0. */
  readonly bits: Uint8Array;
}

/** Number of a drawing among all. */
export function drawingNumber(drawings: Drawings, character: number, drawer: number): number {
  return character * drawings.drawers + drawer;
}

/** Writes a drawing's pixels to `out[0 .. side^2)`, row by row: 1 where there is ink, 0 on the background. */
export function inkOf(drawings: Drawings, drawing: number, out: Uint8Array): void {
  const { bits } = drawings;
  for (let y = 0, at = 0; y < side; y++) {
    const row = drawing * drawingBytes + y * rowBytes;
    for (let x = 0; x < side; x++, at++) out[at] = ((bits[row + (x >> 3)] >> (7 - (x & 7))) & 1) ^ 1;
  }
}
