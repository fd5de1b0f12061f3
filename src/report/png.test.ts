import { expect, it } from 'vitest';
import { renderPng } from './png.ts';

const figure = (text: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" font-family="'Source Sans 3', sans-serif">` +
  `<text x="10" y="25" font-size="16">${text}</text></svg>`;

/** Width and height in px, big-endian at bytes 16 and 20 of every PNG. */
function sizeOf(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

it('renders at the zoom asked for', async () => {
  const png = await renderPng(figure('ICL'), 2);
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  expect(sizeOf(png)).toEqual([240, 80]);
  expect(sizeOf(await renderPng(figure('ICL'), 1))).toEqual([120, 40]);
});

it('draws the text: the bundled fonts are found and read', async () => {
  const [empty, icl, ciwl] = await Promise.all(
    ['', 'ICL', 'CIWL ≥ ✓'].map((text) => renderPng(figure(text))),
  );
  expect(icl).not.toEqual(empty);
  expect(ciwl).not.toEqual(icl);
});

it('gives the same bytes twice', async () => {
  expect(await renderPng(figure('ICL'))).toEqual(await renderPng(figure('ICL')));
});
