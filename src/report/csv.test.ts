import { expect, it } from 'vitest';
import { toCsv } from './csv.ts';

it('writes numbers as they are, negative ones too, and leaves what is missing empty', () => {
  expect(
    toCsv(
      ['a', 'b', 'c'],
      [
        [1.5, -2, undefined],
        [Number.NaN, 0, 1e21],
      ],
    ),
  ).toBe('a,b,c\n1.5,-2,\n,0,1e+21\n');
});

it('quotes commas, quotes and line breaks', () => {
  expect(toCsv(['a'], [['x, "y"\nz']])).toBe('a\n"x, ""y""\nz"\n');
});

it.each(['=1+1', '+1', '-1', '@sum', '\t=1'])('keeps %j from being a formula', (text) => {
  const [, cell] = toCsv(['a'], [[text]]).split('a\n');
  expect(cell.startsWith(`"'`)).toBe(true);
});

it('guards the header as well, and shows invisible characters', () => {
  expect(toCsv(['=a'], [['b\u202ec'], ['\r=1']])).toBe(`"'=a"\nb\\u{202e}c\n\\u{d}=1\n`);
});
