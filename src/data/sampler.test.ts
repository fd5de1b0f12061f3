/** Every rule of docs/specification.md's "Data" section, stated a second time and checked on every combination the config allows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '../errors/lab-error.ts';
import { type SamplerOptions, SequenceSampler } from './sampler.ts';
import { createSequenceBatch, placeKinds, type SequenceBatch } from './sequence-batch.ts';
import {
  distributionProblems,
  plainBursty,
  type Relabeling,
  relabelings,
  type SequenceDistribution,
} from './sequence-distribution.ts';

interface Place {
  readonly classIndex: number;
  readonly exemplar: number;
  readonly label: number;
  readonly kind: number;
}

function placesOf(batch: SequenceBatch, sequence: number): { context: Place[]; query: Place } {
  const width = batch.contextPairs + 1;
  const places = Array.from({ length: width }, (_, place) => ({
    classIndex: batch.classes[sequence * width + place],
    exemplar: batch.exemplars[sequence * width + place],
    label: batch.labels[sequence * width + place],
    kind: batch.kinds[sequence * width + place],
  }));
  return { context: places.slice(0, -1), query: places[width - 1] };
}

function options(
  changes: Partial<SamplerOptions> & { distribution?: Partial<SequenceDistribution> },
): SamplerOptions {
  const { distribution, ...rest } = changes;
  return {
    contextPairs: 2,
    classes: 50,
    exemplars: 7,
    labels: 50,
    components: [{ probability: 1, distribution: { ...plainBursty, ...distribution } }],
    seed: 3,
    stream: 9,
    ...rest,
  };
}

function draw(sampler: SequenceSampler, size: number, firstSequence = 0): SequenceBatch {
  const batch = createSequenceBatch(size, sampler.options.contextPairs);
  sampler.fillFrom(batch, firstSequence);
  return batch;
}

function expectClassRules(
  distribution: SequenceDistribution,
  classes: number,
  context: Place[],
  query: Place,
): void {
  const { burstiness, distractor, noSupport, uniqueRest } = distribution;
  const ofKind = (kind: number) => context.filter((place) => place.kind === kind);
  const bursts = ofKind(placeKinds.burst);
  const distractors = ofKind(placeKinds.distractor);
  const rest = ofKind(placeKinds.rest);
  expect(query.kind).toBe(placeKinds.query);
  expect(bursts.length).toBe(burstiness);
  expect(distractors.length).toBe(distractor ? burstiness : 0);
  expect(bursts.length + distractors.length + rest.length).toBe(context.length);
  for (const place of [...context, query]) {
    expect(place.classIndex).toBeGreaterThanOrEqual(0);
    expect(place.classIndex).toBeLessThan(classes);
  }
  for (const place of bursts) expect(place.classIndex).toBe(query.classIndex);
  for (const place of distractors) {
    expect(place.classIndex).toBe(distractors[0].classIndex);
    expect(place.classIndex).not.toBe(query.classIndex);
  }
  if (noSupport || uniqueRest) {
    const named = new Set([query.classIndex, ...distractors.map((place) => place.classIndex)]);
    for (const place of rest) expect(named.has(place.classIndex)).toBe(false);
  }
  if (uniqueRest) expect(new Set(rest.map((place) => place.classIndex)).size).toBe(rest.length);
}

function expectExemplarRules(match: boolean, exemplars: number, context: Place[], query: Place): void {
  for (const place of [...context, query]) {
    expect(place.exemplar).toBeGreaterThanOrEqual(0);
    expect(place.exemplar).toBeLessThan(exemplars);
  }
  if (!match) return;
  const distractors = context.filter((place) => place.kind === placeKinds.distractor);
  for (const place of context) {
    if (place.kind === placeKinds.burst) expect(place.exemplar).toBe(query.exemplar);
    if (place.kind === placeKinds.distractor) expect(place.exemplar).toBe(distractors[0].exemplar);
  }
}

function expectLabelRules(
  distribution: SequenceDistribution,
  labels: number,
  context: Place[],
  query: Place,
): void {
  const distractorClass = context.find((place) => place.kind === placeKinds.distractor)?.classIndex;
  const showsOwn = (place: Place) => place.label === place.classIndex;
  if (distribution.queryLabelInContext) {
    expect(showsOwn(query)).toBe(true);
    const changed = context.filter((place) => !showsOwn(place));
    expect(changed.length).toBeLessThanOrEqual(1);
    for (const place of changed) expect(place.label).toBe(query.label);
    expect(context.some((place) => place.label === query.label)).toBe(true);
    return;
  }
  if (distribution.relabel === 'none') {
    for (const place of [...context, query]) expect(showsOwn(place)).toBe(true);
    return;
  }
  const distractorLabels = new Set<number>();
  for (const place of context) {
    // A rest place keeps its own label even where it shows the query's or the distractor's class.
    if (place.kind === placeKinds.rest) expect(showsOwn(place)).toBe(true);
    if (place.kind === placeKinds.burst) expect(place.label).toBe(query.label);
    if (place.kind === placeKinds.distractor) distractorLabels.add(place.label);
  }
  expect(distractorLabels.size).toBe(distractorClass === undefined ? 0 : 1);
  expect(distractorLabels.has(query.label)).toBe(false);
  if (distribution.relabel === 'flip') {
    expect(query.label).toBe(distractorClass);
    expect([...distractorLabels]).toEqual([query.classIndex]);
  }
  const bound = distribution.relabel === 'zeroOne' ? 2 : labels;
  for (const label of [query.label, ...distractorLabels]) {
    expect(label).toBeGreaterThanOrEqual(0);
    expect(label).toBeLessThan(bound);
  }
}

const anyDistribution: fc.Arbitrary<SequenceDistribution> = fc.record({
  burstiness: fc.nat(5),
  distractor: fc.boolean(),
  noSupport: fc.boolean(),
  uniqueRest: fc.boolean(),
  queryLabelInContext: fc.boolean(),
  relabel: fc.constantFrom<Relabeling>(...relabelings),
  matchExemplars: fc.boolean(),
  zipfExponent: fc.constantFrom(0, 0.7, 1, 2.5),
});

/** Few classes, so that rest places meet the query's class often. */
const anySizes = fc.record({
  contextPairs: fc.integer({ min: 2, max: 10 }),
  classes: fc.integer({ min: 2, max: 14 }),
  exemplars: fc.integer({ min: 1, max: 4 }),
});

test('every sequence of every sound distribution obeys the rules for classes, exemplars and labels', () => {
  let sound = 0;
  fc.assert(
    fc.property(anyDistribution, anySizes, fc.nat(1000), (distribution, sizes, seed) => {
      const limits = { ...sizes, labels: sizes.classes };
      fc.pre(distributionProblems(distribution, limits).length === 0);
      sound++;
      const sampler = new SequenceSampler(options({ ...limits, distribution, seed }));
      const batch = draw(sampler, 8);
      for (let sequence = 0; sequence < batch.size; sequence++) {
        const { context, query } = placesOf(batch, sequence);
        expectClassRules(distribution, sizes.classes, context, query);
        expectExemplarRules(distribution.matchExemplars, sizes.exemplars, context, query);
        expectLabelRules(distribution, limits.labels, context, query);
      }
    }),
    { seed: 20, numRuns: 500, maxSkipsPerRun: 200 },
  );
  expect(sound).toBe(500);
});

test('an unsound distribution is refused in one line, never drawn wrongly', () => {
  expect(() => new SequenceSampler(options({ distribution: { burstiness: 2 } }))).toThrow(
    new LabError(
      'data.burstiness: 2 * burstiness must fit in contextPairs = 2; got 2; lower burstiness or raise data.contextPairs',
    ),
  );
});

test('each part of a mixture obeys its own rules', () => {
  const sampler = new SequenceSampler(
    options({
      contextPairs: 6,
      components: [
        { probability: 0.5, distribution: { ...plainBursty, burstiness: 3, relabel: 'flip' } },
        { probability: 0.3, distribution: { ...plainBursty, burstiness: 1, uniqueRest: true } },
        {
          probability: 0.2,
          distribution: { ...plainBursty, burstiness: 0, uniqueRest: true, queryLabelInContext: true },
        },
      ],
    }),
  );
  const batch = draw(sampler, 400);
  const seen = new Set<number>();
  for (let sequence = 0; sequence < batch.size; sequence++) {
    const { context, query } = placesOf(batch, sequence);
    const burstiness = context.filter((place) => place.kind === placeKinds.burst).length;
    const { distribution } = sampler.options.components.find(
      (part) => part.distribution.burstiness === burstiness,
    ) ?? {
      distribution: plainBursty,
    };
    seen.add(burstiness);
    expectClassRules(distribution, 50, context, query);
    expectLabelRules(distribution, 50, context, query);
  }
  expect(seen).toEqual(new Set([0, 1, 3]));
});

describe('a sequence is a function of (seed, stream, number)', () => {
  const distribution = { burstiness: 2, matchExemplars: true, relabel: 'pair', zipfExponent: 1 } as const;
  const eightPairs = options({ contextPairs: 8, distribution });
  const contents = ({ classes, exemplars, labels, kinds }: SequenceBatch) => [
    classes,
    exemplars,
    labels,
    kinds,
  ];

  test('drawing again gives the same, in any order of steps', () => {
    const sampler = new SequenceSampler(eightPairs);
    const forwards = [0, 1, 2, 3].map((step) => {
      const batch = createSequenceBatch(16, 8);
      sampler.fill(batch, step);
      return contents(batch);
    });
    const backwards = [3, 2, 1, 0].map((step) => {
      const batch = createSequenceBatch(16, 8);
      new SequenceSampler(eightPairs).fill(batch, step);
      return contents(batch);
    });
    expect(backwards.reverse()).toEqual(forwards);
  });

  test('the batch size does not matter', () => {
    const sampler = new SequenceSampler(eightPairs);
    const large = draw(sampler, 24, 40);
    const parts = [draw(sampler, 10, 40), draw(sampler, 14, 50)];
    expect([...parts[0].classes, ...parts[1].classes]).toEqual([...large.classes]);
    expect([...parts[0].labels, ...parts[1].labels]).toEqual([...large.labels]);
    expect(parts[1].firstSequence).toBe(50);
  });

  test('a batch used before leaves no trace', () => {
    const sampler = new SequenceSampler(eightPairs);
    const used = draw(sampler, 16, 1000);
    sampler.fillFrom(used, 7);
    expect(contents(used)).toEqual(contents(draw(sampler, 16, 7)));
  });

  test('step, seed and stream all matter', () => {
    const base = [...draw(new SequenceSampler(eightPairs), 16).classes];
    expect([...draw(new SequenceSampler(eightPairs), 16, 16).classes]).not.toEqual(base);
    expect([...draw(new SequenceSampler({ ...eightPairs, seed: 4 }), 16).classes]).not.toEqual(base);
    expect([...draw(new SequenceSampler({ ...eightPairs, stream: 10 }), 16).classes]).not.toEqual(base);
  });
});

test('numbers run up to 2^32 and no further, and a batch of another length is refused', () => {
  const sampler = new SequenceSampler(options({}));
  const batch = createSequenceBatch(2, 2);
  sampler.fillFrom(batch, 2 ** 32 - 2);
  expect(batch.firstSequence).toBe(2 ** 32 - 2);
  expect(() => sampler.fillFrom(batch, 2 ** 32 - 1)).toThrow(
    new RangeError('sampler: sequence numbers must lie in 0..2^32 - 1; got 4294967295 + 2'),
  );
  expect(() => sampler.fillFrom(batch, -1)).toThrow(RangeError);
  expect(() => sampler.fillFrom(batch, 0.5)).toThrow(RangeError);
  expect(() => sampler.fill(createSequenceBatch(2, 3), 0)).toThrow(
    new RangeError('sampler: batch has contextPairs = 3; got a sampler for 2'),
  );
});

test('a gigantic seed is not truncated', () => {
  const low = new SequenceSampler(options({ seed: 5 }));
  const high = new SequenceSampler(options({ seed: 5 + 2 ** 40 }));
  expect([...draw(low, 16).classes]).not.toEqual([...draw(high, 16).classes]);
});
