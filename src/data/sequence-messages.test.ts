/** What is said of a kind of sequence that cannot be drawn from too few classes, word for word. */
import { expect, test } from 'vitest';
import { distributionProblems, plainBursty } from './sequence-distribution.ts';

test.each([
  [
    { noSupport: true },
    2,
    'noSupport',
    "needs at least 3 classes (the query's, the distractor's and another); got 2; raise data.classes",
  ],
  [
    { noSupport: true, distractor: false },
    1,
    'noSupport',
    "needs at least 2 classes (the query's and another); got 1; raise data.classes",
  ],
  [
    { uniqueRest: true },
    3,
    'uniqueRest',
    "needs 4 different classes (the query's, the distractor's and 2 more); got 3; raise data.classes or lower data.contextPairs",
  ],
  [
    { uniqueRest: true, distractor: false },
    3,
    'uniqueRest',
    "needs 4 different classes (the query's and 3 more); got 3; raise data.classes or lower data.contextPairs",
  ],
])('%j of %i classes', (changes, classes, field, message) => {
  const sizes = { contextPairs: 4, classes, labels: classes };
  expect(distributionProblems({ ...plainBursty, ...changes }, sizes)).toEqual([{ path: [field], message }]);
});
