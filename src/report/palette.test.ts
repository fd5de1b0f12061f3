import { expect, it } from 'vitest';
import { bandFill, darkCounterpart, darkFigureCss, ink, labelInk, okabeIto } from './palette.ts';

/** WCAG 2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const texts = [...Object.values(labelInk), ink.text, ink.muted];

it.each(texts)('text in %s is legible on white, its counterpart on the dark page', (colour) => {
  expect(contrast(colour, ink.paper)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(darkCounterpart[colour], darkCounterpart[ink.paper])).toBeGreaterThanOrEqual(4.5);
});

it('has a dark counterpart for every colour', () => {
  const all = [okabeIto, labelInk, ink, bandFill].flatMap((group) => Object.values(group));
  for (const colour of all) expect(darkCounterpart[colour]).toMatch(/^#[0-9a-f]{6}$/);
});

it('tells the three bands of time apart in grey, light and dark', () => {
  const fills = [bandFill.light, bandFill.middle, bandFill.dark];
  for (const shown of [fills, fills.map((fill) => darkCounterpart[fill])]) {
    const greys = shown.map(luminance).sort((a, b) => a - b);
    expect((greys[1] + 0.05) / (greys[0] + 0.05)).toBeGreaterThan(1.4);
    expect((greys[2] + 0.05) / (greys[1] + 0.05)).toBeGreaterThan(1.4);
  }
});

it('writes a rule for fill and stroke of each colour under its scope', () => {
  const css = darkFigureCss('.figure');
  expect(css).toContain(`.figure [fill="${ink.paper}"]{fill:${darkCounterpart[ink.paper]}}`);
  expect(css).toContain(`.figure [stroke="${okabeIto.blue}"]{stroke:${darkCounterpart[okabeIto.blue]}}`);
});
