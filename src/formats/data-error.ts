/** The one shape of complaint about a data file: `file: field: problem`, on one short line, safe to print anywhere. */
import { exitCodes, LabError } from '../errors/lab-error.ts';

/** Control, invisible and text-direction characters, which must not reach a terminal from a file. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The longest name, field and problem a message shows; what is left of a longer one still says where to look. */
const shownLengths = { name: 80, field: 140, problem: 300 } as const;

/** Text out of a file, safe to print: unprintable characters as \u{..}, cut after so many. */
export function printable(text: string, maxLength: number): string {
  // Cut before as well, so that a megabyte is not escaped for nothing.
  const escaped = cut(text, maxLength).replace(
    unprintable,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return cut(escaped, maxLength + '...'.length);
}

function cut(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}...` : text;
}

/** A name out of a file in quotes, safe to print. */
export function quoted(name: string): string {
  return `"${printable(cut(name, shownLengths.name).replace(/["\\]/g, '\\$&'), shownLengths.field - 10)}"`;
}

/** `field` may be empty, when the file as a whole is meant. */
export function dataError(file: string, field: string, problem: string): LabError {
  const parts = [file, printable(field, shownLengths.field), printable(problem, shownLengths.problem)];
  return new LabError(parts.filter((part) => part !== '').join(': '), exitCodes.badData);
}
