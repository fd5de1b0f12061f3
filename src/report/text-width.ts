/** How wide a text is, nearly, without a font at hand: enough to break lines and to see whether a label fits. */

const narrow = /[ijltfrI.,:;'|()[\]!\s]/;
const wide = /[mwMWOQ@%&]/;

/** Estimated width in px of a text in a humanist sans such as Source Sans 3 at a font size in px. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) {
    if (narrow.test(character)) ems += 0.27;
    else if (wide.test(character)) ems += 0.8;
    else if (character > '\u2e80') ems += 1;
    else ems += 0.51;
  }
  return ems * fontSize;
}

/** Breaks a text into lines no wider than `width` px; words longer than a line are cut. */
export function wrapText(text: string, fontSize: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, fontSize) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word) {
      if (line !== '' && textWidth(line + character, fontSize) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}
