import { expect, test } from 'vitest';
import { burstyBurstiness, distributionNames, namedDistributions } from './distributions.ts';
import { distributionProblems, plainBursty } from './sequence-distribution.ts';

test('the four named distributions of two pairs', () => {
  expect(namedDistributions(2).map(({ name, distribution }) => [name, distribution])).toEqual([
    ['bursty', plainBursty],
    [
      'ciwlOnly',
      { ...plainBursty, burstiness: 0, noSupport: true, uniqueRest: true, queryLabelInContext: true },
    ],
    ['iclOnly', { ...plainBursty, relabel: 'pair' }],
    ['matched', { ...plainBursty, matchExemplars: true }],
  ]);
});

test("burstiness is the papers' at 2 and 8 pairs and fits with a distractor at any other", () => {
  expect(burstyBurstiness(2)).toBe(1);
  expect(burstyBurstiness(8)).toBe(3);
  for (let contextPairs = 2; contextPairs <= 40; contextPairs++) {
    for (const { name, distribution } of namedDistributions(contextPairs)) {
      const limits = { contextPairs, classes: contextPairs + 1, labels: contextPairs + 1 };
      expect(distributionProblems(distribution, limits), `${name} at ${contextPairs}`).toEqual([]);
    }
  }
});

test('each name stands for one distribution, with words for its reader', () => {
  const named = namedDistributions(8);
  expect(named.map(({ name }) => name)).toEqual([...distributionNames]);
  expect(named.map(({ displayName }) => displayName)).toEqual(['bursty', 'CIWL-only', 'ICL-only', 'matched']);
  expect(new Set(named.map(({ description }) => description)).size).toBe(4);
});
