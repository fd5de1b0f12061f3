/**
 * Text from outside (a source's description, a command, a config) made safe to look at: control characters and those
 * that turn the direction of writing are shown as their code, so that a name cannot hide or reorder what stands
 * beside it. Escaping for HTML, SVG or CSV comes after this, where the text is written.
 */

// C0 but tab and newline, DEL and C1; zero-width and direction marks; embeddings and isolates; BOM; lone surrogates.
const invisible =
  // oxlint-disable-next-line no-control-regex -- finding control characters is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;

/** `text` with every invisible or direction-changing character written as `\u{202e}`. Tabs and newlines stay; CRLF becomes a newline. */
export function visibleText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(invisible, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** As `visibleText`, on one line: runs of white space become one space. */
export function visibleLine(text: string): string {
  return visibleText(text.replace(/\s+/g, ' ').trim());
}
