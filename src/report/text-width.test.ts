import { expect, it } from 'vitest';
import { textWidth, wrapText } from './text-width.ts';

it('measures narrow, wide and full-width letters differently', () => {
  expect(textWidth('ill', 10)).toBeLessThan(textWidth('nnn', 10));
  expect(textWidth('WWW', 10)).toBeGreaterThan(textWidth('nnn', 10));
  expect(textWidth('漢', 10)).toBe(10);
  expect(textWidth('nnn', 10, 600)).toBeGreaterThan(textWidth('nnn', 10));
});

it.each([
  ['CIWL 1.00', 5.08, 5.66],
  ['the paper', 4.87, 5.49],
  ['dominant', 4.77, 5.36],
  ['20M sequences', 7.79, 8.69],
])('is not below the width of %s in DejaVu Sans, regular and bold', (text, regularEms, boldEms) => {
  expect(textWidth(text, 1)).toBeGreaterThanOrEqual(regularEms);
  expect(textWidth(text, 1, 600)).toBeGreaterThanOrEqual(boldEms);
});

it('breaks between words, within the width', () => {
  const lines = wrapText('the quick brown fox jumps over the lazy dog', 10, 100);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join(' ')).toBe('the quick brown fox jumps over the lazy dog');
  for (const line of lines) expect(textWidth(line, 10)).toBeLessThanOrEqual(100);
});

it('cuts a word longer than a line, and loses nothing of it', () => {
  const word = 'x'.repeat(200);
  const lines = wrapText(`a ${word} b`, 10, 100);
  for (const line of lines) expect(textWidth(line, 10)).toBeLessThanOrEqual(100);
  expect(lines.join('').replaceAll(' ', '')).toBe(`a${word}b`);
});
