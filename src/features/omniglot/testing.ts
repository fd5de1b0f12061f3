/** Small archives in the layout of Omniglot's, for tests. */
import { zipSync } from 'fflate';
import { makeBitmapPng, patternRows } from '../../formats/testing.ts';
import { type Archive, archiveNames } from './read-drawings.ts';

/** `characters` of two alphabets, drawn by `drawers`; drawing n in order of paths is `patternRows(n)`. */
export function makeArchives(
  characters: number,
  drawers: number,
): { readonly files: Record<string, Uint8Array>[]; readonly zipped: () => Archive[] } {
  const files: Record<string, Uint8Array>[] = [{}, {}];
  for (let n = 0; n < characters * drawers; n++) {
    const character = Math.floor(n / drawers);
    const set = character < characters / 2 ? 0 : 1;
    const folder = `images_${['background', 'evaluation'][set]}/${['Greek', 'Ge_ez'][set]}`;
    const two = (number: number) => String(number).padStart(2, '0');
    files[set][`${folder}/character${two(character + 1)}/${two(character)}_${two((n % drawers) + 1)}.png`] =
      makeBitmapPng(patternRows(n), { filter: n % 5, chunks: 1 + (n % 2) });
  }
  return {
    files,
    zipped: () => files.map((entries, i) => ({ file: archiveNames[i], bytes: zipSync(entries) })),
  };
}
