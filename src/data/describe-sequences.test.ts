import { describe, expect, test } from 'vitest';
import {
  describeMixture,
  type ExampleGroup,
  exampleGroups,
  exampleSequences,
  formatExampleGroups,
} from './describe-sequences.ts';
import type { ResolvedData } from './resolved-data.ts';
import { createSequenceBatch, placeKinds } from './sequence-batch.ts';
import { plainBursty } from './sequence-distribution.ts';
import { createTrainingSampler } from './training-data.ts';

const data: ResolvedData = {
  contextPairs: 2,
  classes: 100,
  exemplars: 20,
  labels: 100,
  exampleDim: 4,
  exemplarNoise: 0,
  components: [{ probability: 1, distribution: plainBursty }],
};
const seeds = { trainSeed: 2, evalSeed: 1 };

type Cell = readonly [classIndex: number, exemplar: number, label: number];

function noteOf(context: readonly Cell[], query: Cell): string {
  const batch = createSequenceBatch(1, context.length);
  [...context, query].forEach(([classIndex, exemplar, label], place) => {
    batch.classes[place] = classIndex;
    batch.exemplars[place] = exemplar;
    batch.labels[place] = label;
    batch.kinds[place] = place === context.length ? placeKinds.query : placeKinds.rest;
  });
  return exampleSequences(batch)[0].note;
}

describe('the note says what the context offers', () => {
  test.each<[string, readonly Cell[], Cell, string]>([
    [
      'bursty',
      [
        [12, 3, 12],
        [7, 1, 7],
      ],
      [12, 9, 12],
      'query class in context as L12',
    ],
    [
      'bursty, three times',
      [
        [12, 3, 12],
        [12, 1, 12],
        [12, 4, 12],
      ],
      [12, 9, 12],
      'query class in context 3 times as L12',
    ],
    [
      'ICL',
      [
        [12, 3, 1],
        [7, 1, 0],
      ],
      [12, 9, 1],
      'query class in context as L1; its own label L12 is absent',
    ],
    [
      'CIWL',
      [
        [4, 3, 12],
        [7, 1, 7],
      ],
      [12, 9, 12],
      'query class absent; its label L12 stands beside c4',
    ],
    [
      'Flip',
      [
        [12, 3, 7],
        [7, 1, 12],
      ],
      [12, 9, 7],
      'query class in context as L7; its own label L12 stands beside c7',
    ],
    [
      'IWL',
      [
        [4, 3, 4],
        [7, 1, 7],
      ],
      [12, 9, 12],
      'neither query class nor its label in context',
    ],
    [
      'a rest place of the relabelled class',
      [
        [12, 3, 1],
        [12, 1, 12],
        [7, 1, 0],
      ],
      [12, 9, 1],
      'query class in context 2 times as L1 and L12',
    ],
  ])('%s', (_, context, query, note) => {
    expect(noteOf(context, query)).toBe(note);
  });
});

test('groups: the training data, the four named distributions, the evaluators', () => {
  const groups = exampleGroups(data, { ...seeds, count: 2 });
  expect(groups.map(({ role, name }) => `${role} ${name}`)).toEqual([
    'training training',
    'distribution bursty',
    'distribution ciwlOnly',
    'distribution iclOnly',
    'distribution matched',
    'evaluator train',
    'evaluator icl',
    'evaluator ciwl',
    'evaluator flip',
    'evaluator iwl',
  ]);
  for (const { sequences, description } of groups) {
    expect(sequences.length).toBe(2);
    expect(description).not.toBe('');
  }
});

test('the notes of each group are those its name promises', () => {
  const byName = new Map<string, ExampleGroup>(
    exampleGroups(data, { ...seeds, count: 40 }).map((group) => [group.name, group]),
  );
  const expected: [string, RegExp][] = [
    ['training', /^query class in context as L\d+$/],
    ['bursty', /^query class in context as L\d+$/],
    ['ciwlOnly', /^query class absent; its label L\d+ stands beside c\d+$/],
    ['iclOnly', /^query class in context as L\d+(; its own label L\d+ (is absent|stands beside c\d+))?$/],
    ['matched', /^query class in context as L\d+$/],
    ['train', /^query class in context as L\d+$/],
    ['icl', /^query class in context as L[01](; its own label L\d+ (is absent|stands beside c\d+))?$/],
    ['ciwl', /^query class absent; its label L\d+ stands beside c\d+$/],
    ['flip', /^query class in context as L(\d+); its own label L\d+ stands beside c\1$/],
    ['iwl', /^neither query class nor its label in context$/],
  ];
  for (const [name, pattern] of expected) {
    for (const { note } of byName.get(name)?.sequences ?? []) expect(note, name).toMatch(pattern);
  }
  for (const { context, query } of byName.get('matched')?.sequences ?? []) {
    const shown = context.find((place) => place.kind === 'burst');
    expect(shown?.exemplar).toBe(query.exemplar);
  }
});

test('the training examples are the first sequences the run trains on', () => {
  const batch = createSequenceBatch(3, 2);
  createTrainingSampler(data, seeds.trainSeed).fill(batch, 0);
  const [training] = exampleGroups(data, { ...seeds, count: 3 });
  expect(training.sequences).toEqual(exampleSequences(batch));
});

test('as text', () => {
  const [training, , ciwlOnly] = exampleGroups(data, { ...seeds, count: 2 });
  expect(`\n${formatExampleGroups([training, ciwlOnly])}\n`).toMatchInlineSnapshot(`
    "
    training data: burstiness 1, distractor
      c87/e2:L87  c26/e18:L26  | c26/e2 -> L26   (query class in context as L26)
      c88/e2:L88  c60/e3:L60   | c88/e14 -> L88  (query class in context as L88)

    CIWL-only (distribution): the query's class is absent; its label stands beside another class
      c93/e9:L81  c28/e16:L28  | c81/e18 -> L81  (query class absent; its label L81 stands beside c93)
      c90/e8:L90  c4/e0:L26    | c26/e12 -> L26  (query class absent; its label L26 stands beside c4)
    "
  `);
});

test('as JSON: everything the text says, in fields', () => {
  const [training] = exampleGroups(data, { ...seeds, count: 1 });
  expect(JSON.parse(JSON.stringify(training))).toMatchInlineSnapshot(`
    {
      "description": "burstiness 1, distractor",
      "displayName": "training data",
      "name": "training",
      "role": "training",
      "sequences": [
        {
          "context": [
            {
              "class": 87,
              "exemplar": 2,
              "kind": "distractor",
              "label": 87,
            },
            {
              "class": 26,
              "exemplar": 18,
              "kind": "burst",
              "label": 26,
            },
          ],
          "note": "query class in context as L26",
          "query": {
            "class": 26,
            "exemplar": 2,
            "kind": "query",
            "label": 26,
          },
        },
      ],
    }
  `);
});

test('eight pairs draw eight places, at their own burstiness', () => {
  const groups = exampleGroups({ ...data, contextPairs: 8 }, { ...seeds, count: 1 });
  expect(groups.map(({ name }) => name).slice(5, 7)).toEqual(['trainB2', 'trainB3']);
  for (const { sequences } of groups) expect(sequences[0].context.length).toBe(8);
  const bursts = groups[1].sequences[0].context.filter((place) => place.kind === 'burst');
  expect(bursts.length).toBe(3);
});

test('no sequences, no lines', () => {
  const [training] = exampleGroups(data, { ...seeds, count: 0 });
  expect(formatExampleGroups([training])).toBe('training data: burstiness 1, distractor');
});

test('a mixture names what differs from kind to kind', () => {
  expect(
    describeMixture([
      {
        probability: 0.9,
        distribution: { ...plainBursty, matchExemplars: true, zipfExponent: 1, relabel: 'pair' },
      },
      {
        probability: 0.07,
        distribution: { ...plainBursty, burstiness: 0, uniqueRest: true, queryLabelInContext: true },
      },
      { probability: 0.03, distribution: { ...plainBursty, distractor: false, noSupport: true } },
    ]),
  ).toBe(
    '90% burstiness 1, distractor, relabel pair, matchExemplars, zipfExponent 1; ' +
      '7% burstiness 0, uniqueRest, queryLabelInContext; 3% burstiness 1, no distractor, noSupport',
  );
});
