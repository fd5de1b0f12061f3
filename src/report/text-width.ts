/**
 * How wide a text is at most, without a font at hand: enough to break lines and to see whether a label fits. A page
 * takes the font of its reader's system, so the widths are those of the widest usual one (DejaVu Sans, Verdana is
 * alike); in Source Sans 3 a text takes some three quarters of them.
 */

export type FontWeight = 400 | 600;

const narrow = /[ijltfrI.,:;'|()[\]!\s]/;
const wide = /[mwMWOQ@%]/;
const capital = /[A-Z&<>=+~]/;

/** What semi-bold adds, where a font has only bold. */
const boldFactor = 1.12;

/** Upper estimate in px of a text's width in any usual sans at a font size in px. */
export function textWidth(text: string, fontSize: number, weight: FontWeight = 400): number {
  let ems = 0;
  for (const character of text) {
    if (narrow.test(character)) ems += 0.4;
    else if (wide.test(character) || character > '\u2e80') ems += 1;
    else if (capital.test(character)) ems += 0.8;
    else ems += 0.64;
  }
  return ems * fontSize * (weight === 600 ? boldFactor : 1);
}

/** Breaks a text into lines no wider than `width` px; words longer than a line are cut. */
export function wrapText(text: string, fontSize: number, width: number, weight: FontWeight = 400): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, fontSize, weight) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word) {
      if (line !== '' && textWidth(line + character, fontSize, weight) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}
