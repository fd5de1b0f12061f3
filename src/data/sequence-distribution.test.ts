import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  distributionProblems,
  hasDistractor,
  plainBursty,
  type Relabeling,
  relabelings,
  restPlaces,
  type SequenceDistribution,
  type SequenceLimits,
  usesOwnLabels,
} from './sequence-distribution.ts';

const limits: SequenceLimits = { contextPairs: 2, classes: 10, labels: 10 };

function messages(changes: Partial<SequenceDistribution>, sizes: Partial<SequenceLimits> = {}): string[] {
  const problems = distributionProblems({ ...plainBursty, ...changes }, { ...limits, ...sizes });
  return problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test("the paper's distribution is sound", () => {
  expect(messages({})).toEqual([]);
});

test.each<[string, Partial<SequenceDistribution>, Partial<SequenceLimits>, string]>([
  [
    'too bursty with a distractor',
    { burstiness: 3 },
    {},
    'burstiness: 2 * burstiness must fit in contextPairs = 2; got 3; lower burstiness or raise data.contextPairs',
  ],
  [
    'too bursty without one',
    { burstiness: 3, distractor: false },
    {},
    'burstiness: burstiness must fit in contextPairs = 2; got 3; lower burstiness or raise data.contextPairs',
  ],
  [
    'flip without bursts',
    { burstiness: 0, relabel: 'flip' },
    {},
    'relabel: flip needs burstiness >= 1, or no context place shows the new label; got burstiness = 0; ' +
      'raise burstiness or set relabel to none',
  ],
  [
    'pair without bursts',
    { burstiness: 0, relabel: 'pair' },
    {},
    'relabel: pair needs burstiness >= 1, or no context place shows the new label; got burstiness = 0; ' +
      'raise burstiness or set relabel to none',
  ],
  [
    'flip without a distractor',
    { distractor: false, relabel: 'flip' },
    {},
    'relabel: flip swaps labels with a distractor class; got distractor = false; ' +
      'set distractor to true or relabel to none',
  ],
  [
    "the query's label in a relabelled context",
    { relabel: 'zeroOne', queryLabelInContext: true },
    {},
    'queryLabelInContext: cannot go together with a relabeling; got relabel = zeroOne; ' +
      'set relabel to none or queryLabelInContext to false',
  ],
  [
    'two labels out of one',
    { relabel: 'zeroOne' },
    { labels: 1 },
    'relabel: zeroOne needs at least 2 labels; got 1; raise data.labels',
  ],
  [
    'a pair out of one',
    { relabel: 'pair' },
    { labels: 1 },
    'relabel: pair needs at least 2 labels; got 1; raise data.labels',
  ],
  [
    'a distractor among one class',
    {},
    { classes: 1 },
    'distractor: needs at least 2 classes; got 1; raise data.classes or set distractor to false',
  ],
  [
    'distinct rest places out of too few classes',
    { burstiness: 0, uniqueRest: true },
    { contextPairs: 4, classes: 4 },
    "uniqueRest: needs 5 different classes (the query's and 4 more); got 4; raise data.classes or lower data.contextPairs",
  ],
  [
    'distinct rest places beside a distractor',
    { uniqueRest: true },
    { contextPairs: 4, classes: 3 },
    "uniqueRest: needs 4 different classes (the query's, the distractor's and 2 more); got 3; " +
      'raise data.classes or lower data.contextPairs',
  ],
  [
    'no class left for rest places',
    { noSupport: true },
    { contextPairs: 4, classes: 2 },
    "noSupport: needs at least 3 classes (the query's, the distractor's and another); got 2; raise data.classes",
  ],
])('%s is refused', (_, changes, sizes, message) => {
  expect(messages(changes, sizes)).toEqual([message]);
});

test('what has no rest places needs no classes for them', () => {
  expect(messages({ noSupport: true, uniqueRest: true }, { classes: 2 })).toEqual([]);
});

test('places always add up, and a distractor needs bursts', () => {
  const anyDistribution = fc.record({
    burstiness: fc.nat(6),
    distractor: fc.boolean(),
    relabel: fc.constantFrom<Relabeling>(...relabelings),
  });
  fc.assert(
    fc.property(anyDistribution, fc.integer({ min: 2, max: 12 }), (changes, contextPairs) => {
      const distribution = { ...plainBursty, ...changes };
      const distractors = hasDistractor(distribution) ? changes.burstiness : 0;
      expect(changes.burstiness + distractors + restPlaces(distribution, contextPairs)).toBe(contextPairs);
      expect(hasDistractor({ ...distribution, burstiness: 0 })).toBe(false);
    }),
  );
});

test('a class needs a label of its own unless new labels cover every place', () => {
  expect(usesOwnLabels(plainBursty, 2)).toBe(true);
  expect(usesOwnLabels({ ...plainBursty, relabel: 'flip' }, 2)).toBe(true);
  expect(usesOwnLabels({ ...plainBursty, relabel: 'pair' }, 2)).toBe(false);
  expect(usesOwnLabels({ ...plainBursty, relabel: 'zeroOne' }, 3)).toBe(true);
});
