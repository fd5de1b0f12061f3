import { describe, expect, test } from 'vitest';
import { didYouMean, editDistance, nearestName } from './nearest.ts';

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['same', 'same', 0],
    ['kitten', 'sitting', 3],
    ['scors', 'scores', 1],
    ['scroes', 'scores', 1], // neighbours swapped: one slip, not two
    ['ca', 'abc', 3], // the "optimal string alignment" distance; unrestricted Damerau-Levenshtein would say 2
  ])('%j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('nearestName', () => {
  const sites = ['blocks.0.attention.scores', 'blocks.1.attention.scores', 'blocks.1.attention.pattern'];

  test('takes the fewest slips, not the first in the list', () => {
    expect(nearestName('blocks.1.attention.scors', sites)).toBe('blocks.1.attention.scores');
  });

  test('a tie goes to the name listed first', () => {
    expect(nearestName('batchA', ['batchB', 'batchC'])).toBe('batchB');
  });

  test('sees through upper and lower case and gives the name as it is spelt', () => {
    expect(nearestName('BATCHSIZE', ['batchSize'])).toBe('batchSize');
  });

  test('allows half the letters to be wrong and no more', () => {
    expect(nearestName('abcdefgh', ['abcdWXYZ'])).toBe('abcdWXYZ');
    expect(nearestName('abcdefgh', ['abcVWXYZ'])).toBeUndefined();
  });

  test('allows two slips in a short name', () => {
    expect(nearestName('lr', ['mlp'])).toBe('mlp');
    expect(nearestName('x', ['seeds'])).toBeUndefined();
  });

  test('is as quick with a name of a megabyte: no known one is near it', () => {
    expect(
      nearestName(
        'x'.repeat(2 ** 20),
        Array.from({ length: 100 }, (_, i) => 'y'.repeat(i)),
      ),
    ).toBeUndefined();
  });

  test('knows nothing among no names', () => {
    expect(nearestName('anything', [])).toBeUndefined();
  });
});

describe('didYouMean', () => {
  test('is the tail of a message', () => {
    expect(`unknown key "batchSiz"${didYouMean('batchSiz', new Set(['rate', 'batchSize']))}`).toBe(
      'unknown key "batchSiz"; did you mean "batchSize"?',
    );
  });

  test('is empty when nothing is near', () => {
    expect(didYouMean('zzzzzz', ['rate', 'batchSize'])).toBe('');
  });
});
