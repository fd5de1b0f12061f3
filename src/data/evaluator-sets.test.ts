import { describe, expect, test } from 'vitest';
import { LabError } from '../errors/lab-error.ts';
import { drawEvaluatorSets, type EvaluatorSet } from './evaluator-sets.ts';
import { evaluatorDefinitions } from './evaluators.ts';
import type { ResolvedData } from './resolved-data.ts';
import { plainBursty, type SequenceDistribution } from './sequence-distribution.ts';

function dataOf(contextPairs: number, changes: Partial<ResolvedData> = {}): ResolvedData {
  return {
    contextPairs,
    classes: 12_800,
    exemplars: 20,
    labels: 12_800,
    exampleDim: 4,
    exemplarNoise: 0,
    components: [{ probability: 1, distribution: plainBursty }],
    ...changes,
  };
}

function setsByName(data: ResolvedData, count: number, evalSeed = 1): Map<string, EvaluatorSet> {
  return new Map(drawEvaluatorSets(data, evalSeed, count).map((set) => [set.definition.name, set]));
}

function setNamed(sets: Map<string, EvaluatorSet>, name: string): EvaluatorSet {
  const set = sets.get(name);
  if (!set) throw new Error(`no evaluator ${name}`);
  return set;
}

/** Share of sequences for which `holds(context classes, context labels, query class, query label)`. */
function share(
  { sequences }: EvaluatorSet,
  holds: (classes: number[], labels: number[], queryClass: number, queryLabel: number) => boolean,
): number {
  let count = 0;
  for (let i = 0; i < sequences.size; i++) {
    const at = i * (sequences.contextPairs + 1);
    const end = at + sequences.contextPairs;
    const classes = [...sequences.classes.subarray(at, end)];
    const labels = [...sequences.labels.subarray(at, end)];
    if (holds(classes, labels, sequences.classes[end], sequences.labels[end])) count++;
  }
  return count / sequences.size;
}

describe('two pairs', () => {
  const sets = setsByName(dataOf(2), 2000);

  test('five sets by the names and in the order of the figures', () => {
    const names = [...sets.values()].map(({ definition }) => `${definition.name} ${definition.displayName}`);
    expect(names).toEqual(['train train', 'icl ICL', 'ciwl CIWL', 'flip Flip', 'iwl IWL']);
  });

  test('only the first 1600 classes and 5 exemplars are shown, all of them', () => {
    for (const { sequences } of sets.values()) {
      expect(Math.max(...sequences.classes)).toBeLessThan(1600);
      expect(Math.max(...sequences.exemplars)).toBe(4);
      expect(new Set(sequences.classes).size).toBeGreaterThan(1400);
    }
  });

  test('each set offers what its name says', () => {
    expect(share(setNamed(sets, 'train'), (_, labels, c, label) => label === c && labels.includes(c))).toBe(
      1,
    );
    expect(
      share(setNamed(sets, 'icl'), (classes, labels, c, label) => {
        return labels.includes(0) && labels.includes(1) && labels[classes.indexOf(c)] === label;
      }),
    ).toBe(1);
    expect(
      share(setNamed(sets, 'ciwl'), (classes, labels, c, label) => {
        return label === c && !classes.includes(c) && labels.filter((shown) => shown === c).length === 1;
      }),
    ).toBe(1);
    expect(
      share(setNamed(sets, 'flip'), (classes, labels, c, label) => {
        return (
          label !== c && labels[classes.indexOf(c)] === label && labels.includes(c) && classes.includes(label)
        );
      }),
    ).toBe(1);
    expect(
      share(setNamed(sets, 'iwl'), (classes, labels, c, label) => {
        return label === c && !classes.includes(c) && !labels.includes(c) && classes[0] !== classes[1];
      }),
    ).toBe(1);
  });

  test('chance is one half in context, and one in all labels for IWL', () => {
    for (const name of ['train', 'icl', 'ciwl', 'flip']) {
      expect(setNamed(sets, name).definition.chanceMetric).toBe('inContextAccuracy');
      expect(setNamed(sets, name).chance).toBe(0.5);
    }
    expect(setNamed(sets, 'iwl').definition.chanceMetric).toBe('accuracy');
    expect(setNamed(sets, 'iwl').chance).toBe(1 / 12_800);
  });
});

describe('eight pairs', () => {
  const sets = setsByName(dataOf(8), 1000);

  test('two train sets, and all classes and exemplars', () => {
    expect([...sets.keys()]).toEqual(['trainB2', 'trainB3', 'icl', 'ciwl', 'flip', 'iwl']);
    for (const { sequences } of sets.values()) {
      expect(Math.max(...sequences.classes)).toBeGreaterThan(12_700);
      expect(Math.max(...sequences.exemplars)).toBe(19);
    }
  });

  test.each([
    ['trainB2', 2],
    ['trainB3', 3],
    ['icl', 4],
    ['ciwl', 0],
    ['flip', 4],
    ['iwl', 0],
  ])('%s shows the class of the query %d times', (name, burstiness) => {
    const { definition } = setNamed(sets, name);
    expect(definition.distribution.burstiness).toBe(burstiness);
    const atLeast = share(setNamed(sets, name), (classes, _, c) => {
      return classes.filter((shown) => shown === c).length >= burstiness;
    });
    expect(atLeast).toBe(1);
  });

  test('chance', () => {
    expect(setNamed(sets, 'icl').chance).toBe(0.5);
    expect(setNamed(sets, 'flip').chance).toBe(0.5);
    expect(setNamed(sets, 'ciwl').chance).toBe(0.125);
    // Two bursty labels and two others, bar the odd coincidence.
    expect(setNamed(sets, 'trainB3').chance).toBeCloseTo(0.25, 2);
  });
});

test('other lengths: a train set, two-way contexts as full as they can be, and a spare place for a third class', () => {
  for (const contextPairs of [3, 4, 5, 7, 12, 16]) {
    const sets = setsByName(dataOf(contextPairs, { classes: 40, labels: 40 }), 300);
    expect([...sets.keys()]).toEqual(['train', 'icl', 'ciwl', 'flip', 'iwl']);
    const half = Math.floor(contextPairs / 2);
    for (const name of ['icl', 'flip']) {
      const full = share(setNamed(sets, name), (classes, _, c) => {
        const third = classes.filter((shown) => classes.filter((other) => other === shown).length !== half);
        return (
          classes.filter((shown) => shown === c).length === half &&
          (half === 1 || third.length === contextPairs - 2 * half)
        );
      });
      expect(full).toBe(1);
    }
    expect(setNamed(sets, 'ciwl').chance).toBeCloseTo(1 / contextPairs, 12);
  }
  expect(setNamed(setsByName(dataOf(3), 300), 'icl').chance).toBeCloseTo(1 / 3, 2);
});

test("a run's Zipf exponent, mixture, matching and noise leave its evaluators alone", () => {
  const distorted: SequenceDistribution = {
    ...plainBursty,
    zipfExponent: 2,
    matchExemplars: true,
    relabel: 'pair',
  };
  const components = [
    { probability: 0.5, distribution: distorted },
    { probability: 0.5, distribution: { ...distorted, burstiness: 0, relabel: 'none' as const } },
  ];
  const plain = drawEvaluatorSets(dataOf(2), 1, 50);
  expect(drawEvaluatorSets(dataOf(2, { components, exemplarNoise: 1 }), 1, 50)).toEqual(plain);
});

test('a larger set begins with the smaller one; another seed gives another set', () => {
  const small = setNamed(setsByName(dataOf(2), 20), 'icl').sequences;
  const large = setNamed(setsByName(dataOf(2), 50), 'icl').sequences;
  const other = setNamed(setsByName(dataOf(2), 20, 2), 'icl').sequences;
  expect(large.classes.subarray(0, small.classes.length)).toEqual(small.classes);
  expect(other.classes).not.toEqual(small.classes);
});

test('evaluators draw from streams of their own', () => {
  const streams = [...evaluatorDefinitions(dataOf(8)), ...evaluatorDefinitions(dataOf(2))].map(
    ({ name, stream }) => `${name} ${stream}`,
  );
  const distinct = new Set(streams);
  expect(distinct.size).toBe(7);
  expect(new Set([...distinct].map((entry) => entry.split(' ')[1])).size).toBe(7);
});

test('a run on fewer classes, exemplars or labels is tested on what it has', () => {
  const [train] = evaluatorDefinitions(dataOf(2, { classes: 100, labels: 100, exemplars: 3 }));
  expect([train.classes, train.exemplars]).toEqual([100, 3]);
  // ICL-only training may have fewer labels than classes; classes beyond them have no label to be asked for.
  expect(evaluatorDefinitions(dataOf(8, { labels: 64 })).map(({ classes }) => classes)).toEqual(
    Array(6).fill(64),
  );
});

test('too few classes for an evaluator is one line', () => {
  expect(() => evaluatorDefinitions(dataOf(8, { classes: 8, labels: 8 }))).toThrow(
    new LabError(
      "data.classes: evaluator CIWL cannot be drawn: needs 9 different classes (the query's and 8 more); got 8; " +
        'raise data.classes or lower data.contextPairs',
    ),
  );
});
