/** What text that is not JSON is told, word for word. */
import { expect, test } from 'vitest';
import { parseStrictJson, plainJson, StrictJsonError } from './strict-json.ts';

test.each<[text: string, message: string]>([
  ['', 'not valid JSON at character 0: expected a value'],
  ['1 2', 'not valid JSON at character 2: expected end of text'],
  ['"a', 'not valid JSON at character 0: expected a closed string'],
  ['"\\x"', 'not valid JSON at character 0: expected a string without control characters or unknown escapes'],
  ['[1 2]', 'not valid JSON at character 3: expected "," or "]"'],
  ['{a:1}', 'not valid JSON at character 1: expected a name in quotes'],
  ['{"a" 1}', 'not valid JSON at character 5: expected ":"'],
  ['{"a":1;}', 'not valid JSON at character 6: expected "," or "}"'],
  ['{"a":1,"a":2}', 'the name "a" is given twice'],
  ['[[[0]]]', 'nested more than 2 levels deep'],
])('%j', (text, message) => {
  expect(() => parseStrictJson(text, 2)).toThrow(new StrictJsonError(message));
});

test('a name that is special in plain objects', () => {
  expect(() => plainJson(parseStrictJson('[{"__proto__":1}]'))).toThrow(
    new StrictJsonError('the name "__proto__" is not allowed'),
  );
});
