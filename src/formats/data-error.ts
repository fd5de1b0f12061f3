/** The one shape of complaint about a data file: `file: field: problem`, on one line, safe to print anywhere. */
import { exitCodes, LabError } from '../errors/lab-error.ts';

/** Control, invisible and text-direction characters, which must not reach a terminal from a file. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A name out of a file in quotes: unprintable characters as \u{..}, cut after 80 characters. */
export function quoted(name: string): string {
  const short = name.length > 80 ? `${name.slice(0, 80)}...` : name;
  const escaped = short.replace(/["\\]/g, '\\$&');
  return `"${escaped.replace(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)}"`;
}

/** `field` may be empty, when the file as a whole is meant. */
export function dataError(file: string, field: string, problem: string): LabError {
  return new LabError([file, field, problem].filter((part) => part !== '').join(': '), exitCodes.badData);
}
