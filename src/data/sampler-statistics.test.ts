/** What each draw is distributed like. Seeds are fixed, so that a bound of 4 deviations is met or not for good. */
import { describe, expect, test } from 'vitest';
import { chiSquareDeviations } from './chi-square.ts';
import { SequenceSampler } from './sampler.ts';
import { createSequenceBatch, placeKinds, type SequenceBatch } from './sequence-batch.ts';
import { type MixtureComponent, plainBursty, type SequenceDistribution } from './sequence-distribution.ts';

const sequences = 20_000;
const bound = 4;

function drawMixture(
  components: readonly MixtureComponent[],
  sizes: { contextPairs?: number; classes?: number; exemplars?: number } = {},
): SequenceBatch {
  const { contextPairs = 2, classes = 12, exemplars = 5 } = sizes;
  const sampler = new SequenceSampler({
    contextPairs,
    classes,
    exemplars,
    labels: classes,
    components,
    seed: 101,
    stream: 0,
  });
  const batch = createSequenceBatch(sequences, contextPairs);
  sampler.fillFrom(batch, 0);
  return batch;
}

function drawOne(changes: Partial<SequenceDistribution>, sizes: Parameters<typeof drawMixture>[1] = {}) {
  return drawMixture([{ probability: 1, distribution: { ...plainBursty, ...changes } }], sizes);
}

function uniform(outcomes: number): number[] {
  return Array<number>(outcomes).fill(1 / outcomes);
}

/** Counts `outcome(cell of the sequence's first place, cell of its query)` over all sequences; -1 is left out. */
function count(
  batch: SequenceBatch,
  outcomes: number,
  outcome: (at: number, query: number) => number,
): number[] {
  const counts = Array<number>(outcomes).fill(0);
  for (let sequence = 0; sequence < batch.size; sequence++) {
    const at = sequence * (batch.contextPairs + 1);
    const value = outcome(at, at + batch.contextPairs);
    if (value >= 0) counts[value]++;
  }
  return counts;
}

function firstOfKind(batch: SequenceBatch, at: number, kind: number): number {
  return batch.kinds.subarray(at, at + batch.contextPairs).indexOf(kind);
}

describe('uniform bursty sequences', () => {
  const batch = drawOne({});

  test("all pairs of the query's and the distractor's class are equally likely", () => {
    const counts = count(batch, 144, (at, query) => {
      const distractor = batch.classes[at + firstOfKind(batch, at, placeKinds.distractor)];
      return batch.classes[query] * 12 + distractor;
    });
    const pairs = Array.from({ length: 144 }, (_, i) => (Math.floor(i / 12) === i % 12 ? 0 : 1 / 132));
    expect(chiSquareDeviations(counts, pairs)).toBeLessThan(bound);
  });

  test("the query's class stands at either place equally often", () => {
    const counts = count(batch, 2, (at) => firstOfKind(batch, at, placeKinds.burst));
    expect(chiSquareDeviations(counts, uniform(2))).toBeLessThan(bound);
  });

  test('exemplars of all places are uniform and independent, with replacement', () => {
    const counts = count(batch, 125, (at) => {
      return (batch.exemplars[at] * 5 + batch.exemplars[at + 1]) * 5 + batch.exemplars[at + 2];
    });
    expect(chiSquareDeviations(counts, uniform(125))).toBeLessThan(bound);
  });
});

test('all orders of an 8-pair context are equally likely', () => {
  const batch = drawOne({ burstiness: 4 }, { contextPairs: 8 });
  const masks = count(batch, 256, (at) => {
    let mask = 0;
    for (let place = 0; place < 8; place++) {
      if (batch.kinds[at + place] === placeKinds.burst) mask += 2 ** place;
    }
    return mask;
  });
  const seen = masks.filter((times) => times > 0);
  expect(seen.length).toBe(70);
  expect(chiSquareDeviations(seen, uniform(70))).toBeLessThan(bound);
});

test('rest places draw from all classes, the named ones included, unless they must not', () => {
  const batch = drawOne({}, { contextPairs: 3 });
  const relation = (rest: number, query: number, distractor: number) =>
    rest === query ? 0 : rest === distractor ? 1 : 2;
  const relations = (of: SequenceBatch) =>
    count(of, 3, (at, query) => {
      const rest = of.classes[at + firstOfKind(of, at, placeKinds.rest)];
      return relation(rest, of.classes[query], of.classes[at + firstOfKind(of, at, placeKinds.distractor)]);
    });
  expect(chiSquareDeviations(relations(batch), [1 / 12, 1 / 12, 10 / 12])).toBeLessThan(bound);
  expect(relations(drawOne({ noSupport: true }, { contextPairs: 3 }))).toEqual([0, 0, sequences]);
});

test('a CIWL context is a uniform ordered choice of distinct classes beside the query', () => {
  const batch = drawOne({ burstiness: 0, uniqueRest: true, queryLabelInContext: true }, { classes: 5 });
  const triples = count(batch, 125, (at, query) => {
    return (batch.classes[at] * 5 + batch.classes[at + 1]) * 5 + batch.classes[query];
  });
  const distinct = Array.from({ length: 125 }, (_, i) => {
    const [a, b, c] = [Math.floor(i / 25), Math.floor(i / 5) % 5, i % 5];
    return a === b || b === c || a === c ? 0 : 1 / 60;
  });
  expect(chiSquareDeviations(triples, distinct)).toBeLessThan(bound);
  const places = count(batch, 2, (at, query) => (batch.labels[at] === batch.labels[query] ? 0 : 1));
  expect(chiSquareDeviations(places, uniform(2))).toBeLessThan(bound);
});

describe('relabelings', () => {
  test('pair draws all ordered pairs of distinct labels equally often, whatever the classes', () => {
    const batch = drawOne({ relabel: 'pair' });
    const counts = count(batch, 144, (at, query) => {
      return batch.labels[query] * 12 + batch.labels[at + firstOfKind(batch, at, placeKinds.distractor)];
    });
    const pairs = Array.from({ length: 144 }, (_, i) => (Math.floor(i / 12) === i % 12 ? 0 : 1 / 132));
    expect(chiSquareDeviations(counts, pairs)).toBeLessThan(bound);
    const joint = count(batch, 144, (_, query) => batch.classes[query] * 12 + batch.labels[query]);
    expect(chiSquareDeviations(joint, uniform(144))).toBeLessThan(bound);
  });

  test('zeroOne gives the query 0 and 1 equally often, at either place', () => {
    const batch = drawOne({ relabel: 'zeroOne' });
    const counts = count(batch, 4, (at, query) => {
      return batch.labels[query] * 2 + firstOfKind(batch, at, placeKinds.burst);
    });
    expect(chiSquareDeviations(counts, uniform(4))).toBeLessThan(bound);
  });
});

test('matched exemplars: the pair of them is uniform, rest places stay independent', () => {
  const batch = drawOne({ matchExemplars: true }, { contextPairs: 3 });
  const counts = count(batch, 125, (at, query) => {
    const distractor = batch.exemplars[at + firstOfKind(batch, at, placeKinds.distractor)];
    const rest = batch.exemplars[at + firstOfKind(batch, at, placeKinds.rest)];
    return (batch.exemplars[query] * 5 + distractor) * 5 + rest;
  });
  expect(chiSquareDeviations(counts, uniform(125))).toBeLessThan(bound);
});

describe('Zipf', () => {
  const weights = Array.from({ length: 12 }, (_, row) => 1 / (row + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const law = weights.map((weight) => weight / total);

  test("the query's class follows rank^-alpha, the distractor's the same without the query's", () => {
    const batch = drawOne({ zipfExponent: 1 });
    const counts = count(batch, 144, (at, query) => {
      return batch.classes[query] * 12 + batch.classes[at + firstOfKind(batch, at, placeKinds.distractor)];
    });
    const joint = Array.from({ length: 144 }, (_, i) => {
      const [query, distractor] = [Math.floor(i / 12), i % 12];
      return query === distractor ? 0 : (law[query] * law[distractor]) / (1 - law[query]);
    });
    expect(chiSquareDeviations(counts, joint)).toBeLessThan(bound);
  });

  test('distinct rest places are drawn one after the other, each from what is left, then shuffled', () => {
    const batch = drawOne({ zipfExponent: 1, burstiness: 0, uniqueRest: true }, { classes: 4 });
    const four = law.slice(0, 4).map((p) => p / (law[0] + law[1] + law[2] + law[3]));
    const counts = count(batch, 64, (at, query) => {
      return (batch.classes[query] * 4 + batch.classes[at]) * 4 + batch.classes[at + 1];
    });
    const joint = Array.from({ length: 64 }, (_, i) => {
      const [query, a, b] = [Math.floor(i / 16), Math.floor(i / 4) % 4, i % 4];
      if (query === a || query === b || a === b) return 0;
      const inOrder = (first: number, second: number) =>
        ((four[first] / (1 - four[query])) * four[second]) / (1 - four[query] - four[first]);
      return (four[query] * (inOrder(a, b) + inOrder(b, a))) / 2;
    });
    expect(chiSquareDeviations(counts, joint)).toBeLessThan(bound);
  });

  test('the full range of classes is reached', () => {
    const batch = drawOne({ zipfExponent: 0.5 }, { classes: 1000 });
    expect(batch.classes.reduce((largest, row) => Math.max(largest, row), 0)).toBeGreaterThan(950);
  });
});

test('a mixture draws each kind with its probability, independently of its neighbours', () => {
  const batch = drawMixture(
    [
      { probability: 0.6, distribution: { ...plainBursty, burstiness: 2 } },
      { probability: 0.3, distribution: { ...plainBursty, burstiness: 1 } },
      { probability: 0.1, distribution: { ...plainBursty, burstiness: 0, uniqueRest: true } },
    ],
    { contextPairs: 4 },
  );
  const kindOf = (at: number) => {
    return batch.kinds
      .subarray(at, at + 4)
      .reduce((sum, kind) => sum + (kind === placeKinds.burst ? 1 : 0), 0);
  };
  const pairs = count(batch, 9, (at) => (at === 0 ? -1 : kindOf(at - 5) * 3 + kindOf(at)));
  const probabilities = [0.1, 0.3, 0.6];
  const joint = Array.from({ length: 9 }, (_, i) => probabilities[Math.floor(i / 3)] * probabilities[i % 3]);
  expect(chiSquareDeviations(pairs, joint)).toBeLessThan(bound);
});

test("consecutive sequences' queries are independent", () => {
  const batch = drawOne({});
  const counts = count(batch, 144, (at, query) => {
    return at === 0 ? -1 : batch.classes[at - 1] * 12 + batch.classes[query];
  });
  expect(chiSquareDeviations(counts, uniform(144))).toBeLessThan(bound);
});
