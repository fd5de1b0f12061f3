import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '../errors/lab-error.ts';
import { type DataConfig, dataConfigSchema } from './config.ts';
import { resolveData } from './resolved-data.ts';
import { SequenceSampler } from './sampler.ts';
import { createSequenceBatch } from './sequence-batch.ts';
import { problemLine, relabelings } from './sequence-distribution.ts';
import { createTrainingNoise, createTrainingSampler } from './training-data.ts';

/** Issues as a run's config shows them: the path within the run, then the message. */
function issuesOf(input: Record<string, unknown>): string[] {
  const result = dataConfigSchema.safeParse(input);
  return (result.error?.issues ?? []).map(({ path, message }) =>
    problemLine({ path: path.map((part) => (typeof part === 'number' ? part : String(part))), message }),
  );
}

const tiny = { source: { kind: 'synthetic', classes: 20, exemplars: 6, dim: 8 } };

describe('defaults', () => {
  test("are the paper's main run on the embedded source", () => {
    const config = dataConfigSchema.parse({});
    expect(config).toMatchObject({
      source: { kind: 'synthetic', classes: 12_800, exemplars: 20, dim: 512 },
      contextPairs: 2,
      burstiness: 1,
      distractor: true,
      noSupport: false,
      uniqueRest: false,
      queryLabelInContext: false,
      relabel: 'none',
      matchExemplars: false,
      zipfExponent: 0,
      exemplarNoise: 0,
      mixture: [],
    });
    expect(Object.keys(config)).not.toContain('classes');
  });

  test('sizes follow the source, labels follow the classes', () => {
    const resolved = resolveData(dataConfigSchema.parse(tiny), { classes: 20, exemplars: 6, dim: 8 });
    expect(resolved).toMatchObject({ classes: 20, exemplars: 6, labels: 20, exampleDim: 8, contextPairs: 2 });
    const fewer = dataConfigSchema.parse({ ...tiny, classes: 10, exemplars: 2 });
    expect(resolveData(fewer, { classes: 20, exemplars: 6, dim: 8 })).toMatchObject({
      classes: 10,
      exemplars: 2,
      labels: 10,
    });
  });
});

describe('impossible combinations are one line with a path', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'bursts that do not fit',
      { burstiness: 3 },
      'data.burstiness: 2 * burstiness must fit in contextPairs = 2; got 3; lower burstiness or raise data.contextPairs',
    ],
    [
      'bursts that do not fit without a distractor',
      { burstiness: 3, distractor: false },
      'data.burstiness: burstiness must fit in contextPairs = 2; got 3; lower burstiness or raise data.contextPairs',
    ],
    [
      'flip without a distractor',
      { relabel: 'flip', distractor: false },
      'data.relabel: flip swaps labels with a distractor class; got distractor = false; ' +
        'set distractor to true or relabel to none',
    ],
    [
      "the query's label beside a relabeling",
      { relabel: 'pair', queryLabelInContext: true },
      'data.queryLabelInContext: cannot go together with a relabeling; got relabel = pair; ' +
        'set relabel to none or queryLabelInContext to false',
    ],
    [
      'too few classes for distinct ones',
      { ...tiny, classes: 2, burstiness: 0, uniqueRest: true },
      "data.uniqueRest: needs 3 different classes (the query's and 2 more); got 2; " +
        'raise data.classes or lower data.contextPairs',
    ],
    [
      'more classes than the source has',
      { ...tiny, classes: 21 },
      "data.classes: must be at most the source's 20 classes; got 21; lower data.classes or take a source with more",
    ],
    [
      'more exemplars than the source has',
      { ...tiny, exemplars: 7 },
      "data.exemplars: must be at most the source's 6 exemplars per class; got 7; " +
        'lower data.exemplars or take a source with more',
    ],
    [
      'more labels than classes',
      { ...tiny, classes: 10, labels: 12 },
      'data.labels: more labels than classes: class c has label c, so at most 10; got 12; ' +
        'lower data.labels or raise data.classes',
    ],
    [
      'fewer labels than classes that show their own',
      { ...tiny, labels: 12 },
      "data.labels: fewer labels than classes: some places show their class's own label, so 20 are needed; got 12; " +
        'raise data.labels or lower data.classes',
    ],
    [
      'a mixture that does not add up',
      { mixture: [{ probability: 0.5 }, { probability: 0.4, burstiness: 0 }] },
      'data.mixture: probabilities must sum to 1; got 0.5 + 0.4 = 0.9; change one of them',
    ],
    [
      'an impossible part of a mixture',
      { mixture: [{ probability: 0.5 }, { probability: 0.5, burstiness: 2 }] },
      'data.mixture[1].burstiness: 2 * burstiness must fit in contextPairs = 2; got 2; ' +
        'lower burstiness or raise data.contextPairs',
    ],
    [
      'a part of a mixture that inherits what does not fit it',
      { relabel: 'pair', mixture: [{ probability: 1, burstiness: 0 }] },
      'data.mixture[0].relabel: pair needs burstiness >= 1, or no context place shows the new label; ' +
        'got burstiness = 0; raise burstiness or set relabel to none',
    ],
  ])('%s', (_, input, message) => {
    expect(issuesOf(input)).toEqual([message]);
  });

  test('too few labels for zeroOne', () => {
    expect(issuesOf({ ...tiny, relabel: 'zeroOne', labels: 1 })).toEqual([
      'data.relabel: zeroOne needs at least 2 labels; got 1; raise data.labels',
    ]);
  });
});

describe('wrong fields are refused where they stand', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ burstines: 1 }, 'data: Unrecognized key: "burstines"'],
    [{ burstiness: '1' }, 'data.burstiness: Invalid input: expected number, received string'],
    [{ burstiness: 1.5 }, 'data.burstiness: Invalid input: expected int, received number'],
    [
      { contextPairs: 1, burstiness: 0 },
      'data.contextPairs: must be at least 2, or there is nothing to choose between; got 1',
    ],
    [{ zipfExponent: Infinity }, 'data.zipfExponent: Invalid input: expected number, received Infinity'],
    [{ relabel: 'swap' }, 'data.relabel: Invalid option: expected one of "none"|"pair"|"zeroOne"|"flip"'],
    [{ mixture: [{ probability: 1, contextPairs: 3 }] }, 'data.mixture[0]: Unrecognized key: "contextPairs"'],
    [
      { mixture: [{ burstiness: 1 }] },
      'data.mixture[0].probability: Invalid input: expected number, received undefined',
    ],
    [{ source: { kind: 'synthetic', sigmaa: 1 } }, 'data.source: Unrecognized key: "sigmaa"'],
  ])('%j', (input, message) => {
    expect(issuesOf(input)).toEqual([message]);
  });

  test('a source of an unknown kind', () => {
    expect(issuesOf({ source: { kind: 'omniglott' } })).toEqual([
      expect.stringMatching(/^data\.source\.kind: .*synthetic/),
    ]);
  });
});

test('an opened source smaller than declared is refused likewise', () => {
  const config = dataConfigSchema.parse({ ...tiny, exemplars: 6 });
  expect(() => resolveData(config, { classes: 20, exemplars: 5, dim: 8 })).toThrow(
    new LabError(
      "data.exemplars: must be at most the source's 5 exemplars per class; got 6; " +
        'lower data.exemplars or take a source with more',
    ),
  );
  const mixed = dataConfigSchema.parse({
    ...tiny,
    mixture: [{ probability: 1, uniqueRest: true, burstiness: 0 }],
  });
  expect(() => resolveData(mixed, { classes: 2, exemplars: 6, dim: 8 })).toThrow(
    /^data\.mixture\[0\]\.uniqueRest: needs 3 different classes/,
  );
});

describe('mixtures', () => {
  test('each part takes the fields it does not name from the run', () => {
    const config = dataConfigSchema.parse({
      contextPairs: 8,
      burstiness: 3,
      zipfExponent: 1,
      mixture: [{ probability: 0.9 }, { probability: 0.1, burstiness: 0, uniqueRest: true }],
    });
    const { components } = resolveData(config, { classes: 12_800, exemplars: 20, dim: 512 });
    expect(components).toMatchObject([
      {
        probability: 0.9,
        distribution: { burstiness: 3, uniqueRest: false, zipfExponent: 1, distractor: true },
      },
      { probability: 0.1, distribution: { burstiness: 0, uniqueRest: true, zipfExponent: 1 } },
    ]);
    expect(components[0].distribution).not.toHaveProperty('probability');
  });

  test('decimal fractions sum to 1', () => {
    expect(issuesOf({ mixture: Array.from({ length: 10 }, () => ({ probability: 0.1 })) })).toEqual([]);
  });

  test("the run's own kind is not drawn, so it need not be possible", () => {
    expect(issuesOf({ burstiness: 3, mixture: [{ probability: 1, burstiness: 1 }] })).toEqual([]);
  });
});

test('noise exists only where its sigma is above 0, and is drawn from the training seed', () => {
  const size = { classes: 20, exemplars: 6, dim: 8 };
  expect(createTrainingNoise(resolveData(dataConfigSchema.parse(tiny), size), 1)).toBeUndefined();
  const noisy = resolveData(dataConfigSchema.parse({ ...tiny, exemplarNoise: 0.25 }), size);
  const first = (seed: number) => {
    const noise = createTrainingNoise(noisy, seed);
    const features = new Float64Array(8);
    noise?.startSequence(0);
    noise?.addTo(features, 0, 8);
    return features;
  };
  expect(createTrainingNoise(noisy, 1)?.sigma).toBe(0.25);
  expect(first(1)).toEqual(first(1));
  expect(first(1)).not.toEqual(first(2));
});

const flag = fc.boolean();
const anyConfig = fc.record(
  {
    contextPairs: fc.integer({ min: 2, max: 9 }),
    burstiness: fc.nat(3),
    distractor: flag,
    noSupport: flag,
    uniqueRest: flag,
    queryLabelInContext: flag,
    relabel: fc.constantFrom(...relabelings),
    matchExemplars: flag,
    zipfExponent: fc.constantFrom(0, 1, 10),
    classes: fc.constantFrom(2, 6, 12, 20, 22),
    exemplars: fc.integer({ min: 1, max: 7 }),
    labels: fc.constantFrom(1, 6, 20),
    mixture: fc
      .array(
        fc.record({ burstiness: fc.nat(3), relabel: fc.constantFrom(...relabelings) }, { requiredKeys: [] }),
        { maxLength: 2 },
      )
      .map((parts) => parts.map((part) => ({ ...part, probability: 1 / parts.length }))),
  },
  { requiredKeys: [] },
);

test('whatever the schema accepts can be drawn, within its sizes; whatever it refuses is one line', () => {
  let accepted = 0;
  fc.assert(
    fc.property(anyConfig, (input) => {
      const result = dataConfigSchema.safeParse({ ...tiny, ...input });
      if (!result.success) {
        for (const { message } of result.error.issues)
          expect(message).toMatch(/^[^\n]+; got [^\n]+; [^\n]+$/);
        return;
      }
      accepted++;
      const config: DataConfig = result.data;
      const resolved = resolveData(config, { classes: 20, exemplars: 6, dim: 8 });
      const batch = createSequenceBatch(6, resolved.contextPairs);
      createTrainingSampler(resolved, 1).fill(batch, 3);
      expect(Math.max(...batch.classes)).toBeLessThan(resolved.classes);
      expect(Math.max(...batch.exemplars)).toBeLessThan(resolved.exemplars);
      expect(Math.max(...batch.labels)).toBeLessThan(resolved.labels);
      expect(Math.min(...batch.classes, ...batch.exemplars, ...batch.labels)).toBeGreaterThanOrEqual(0);
    }),
    { seed: 4, numRuns: 1500 },
  );
  expect(accepted).toBeGreaterThan(150);
});

test("the training sampler is the paper's draw over the resolved sizes", () => {
  const resolved = resolveData(dataConfigSchema.parse(tiny), { classes: 20, exemplars: 6, dim: 8 });
  const sampler = createTrainingSampler(resolved, 5);
  expect(sampler).toBeInstanceOf(SequenceSampler);
  expect(sampler.options).toMatchObject({ classes: 20, exemplars: 6, labels: 20, contextPairs: 2, seed: 5 });
});
