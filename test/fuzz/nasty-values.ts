/** Values and names that a reader may stumble over, written as they would stand in JSON. */

/** At the edge of what a number can be, or written as JSON or YAML does not. */
const numbers =
  '0 -0 -1 0.5 1e308 -1e308 1e999 5e-324 1e-7 1E2 2.0 00 +1 .5 0x10 1e400 4294967296 9007199254740991 ' +
  '9007199254740992 -9007199254740992 18446744073709551616 1000000000 2147483648 65537 1000001 1_000';
const words = 'null true false NaN Infinity -Infinity undefined "" "x" "1" [] {} " \\ /*x*/ // [1,2 {"a":';
/** Unseen, unprintable, half a character, or what turns the direction of writing. */
const texts = String.raw`"\u0000" "\u001b[2J" "\u202egnp" "\ud800" "\uffff" "\u2028" "\u200b" "\n" "\x"`;
const objects =
  '"__proto__" {"__proto__":{"polluted":1}} {"constructor":{"prototype":{"polluted":1}}} {"":0} {"a":1,"a":2} ' +
  '[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]';

export const nastyLiterals: readonly string[] = [
  ...[numbers, words, texts, objects].flatMap((line) => line.split(' ')),
  '',
  '"\u2028"',
  '"\u0007"',
  '"a\nb"',
];

export const nastyNames: readonly string[] = [
  ...'__proto__ constructor prototype toString hasOwnProperty toJSON length kind 0 -1 1e3 << " \\'.split(' '),
  ...'__metadata__ \u0000 \u001b[31m \u202e \u200b \ud800 \u2028 e\u0301 \u{1f4a5}'.split(' '),
  '',
  ' ',
  'a\nb',
];
