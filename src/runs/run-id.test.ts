import { expect, test } from 'vitest';
import { isRunId, newRunId } from './run-id.ts';

test('ids are eight typable letters, and no two are alike', () => {
  const ids = Array.from({ length: 2000 }, newRunId);
  expect(ids.every(isRunId)).toBe(true);
  expect(new Set(ids).size).toBe(2000);
});

test.each(['', 'abc', 'ABCDEFGH', 'abcdefgi', 'abcdefgh9', 7, null])('%j is none', (value) => {
  expect(isRunId(value)).toBe(false);
});
