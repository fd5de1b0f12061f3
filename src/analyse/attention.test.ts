import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import { loadKernelModule } from '../runs/kernel-module.ts';
import { attentionAnalysis } from './attention.ts';
import { correctPair, pairSigns } from './correct-pair.ts';
import { sequenceStrengthsAnalysis } from './sequence-strengths.ts';
import { finish, plainPatterns, testProbe } from './testing.ts';

/** The sequences of an evaluator with their patterns the plain way. */
function plain(probe: ReturnType<typeof testProbe>, evaluator: 'train' | 'ciwl' | 'flip' | 'iwl') {
  const { sequences } = probe.set(evaluator);
  return Array.from({ length: sequences.size }, (_, i) => ({
    correct: correctPair(sequences, i),
    pattern: plainPatterns(probe, sequences, i),
  }));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('attention', () => {
  const probe = testProbe(createReferenceKernels());
  const table = finish(attentionAnalysis.measure(probe));

  test.each(['train', 'ciwl', 'flip'] as const)(
    'is the mean over the sequences of a group: %s',
    (evaluator) => {
      const sequences = plain(probe, evaluator);
      const groups = table.groups.filter((group) => group.evaluator === evaluator);
      expect(groups.map((group) => group.correctPair)).toEqual([0, 1]);
      for (const group of groups) {
        const members = sequences.filter(({ correct }) => correct === group.correctPair);
        expect(group.sequences).toBe(members.length);
        expect(members.length).toBeGreaterThan(10);
        group.mean.forEach((value, i) => {
          const [block, head, query, key] = [
            Math.floor(i / 50),
            Math.floor(i / 25) % 2,
            Math.floor(i / 5) % 5,
            i % 5,
          ];
          expect(value).toBeCloseTo(mean(members.map(({ pattern }) => pattern[block][head][query][key])), 10);
        });
      }
    },
  );

  test('of sequences without the correct label in their context is a group of its own, without strengths', () => {
    const groups = table.groups.filter(({ evaluator }) => evaluator === 'iwl');
    expect(groups).toMatchObject([{ correctPair: null, sequences: 70 }]);
    expect(table.strengths.filter(({ evaluator }) => evaluator === 'iwl')).toEqual([]);
  });

  test('induction strength is attention to the correct label less attention to the other', () => {
    const sequences = plain(probe, 'flip');
    for (const { block, head, ...found } of table.strengths.filter(({ evaluator }) => evaluator === 'flip')) {
      const values = sequences.map(({ correct, pattern }) => {
        const row = pattern[block][head][4];
        return correct === 0 ? row[1] - row[3] : row[3] - row[1];
      });
      expect(found.sequences).toBe(70);
      expect(found.mean).toBeCloseTo(mean(values), 10);
      expect(found.deviation ** 2).toBeCloseTo(mean(values.map((value) => (value - mean(values)) ** 2)), 10);
    }
    expect(table.strengths.filter(({ evaluator }) => evaluator === 'flip')).toHaveLength(4);
  });

  test('of each sequence alone has the mean of the table', () => {
    const found = finish(sequenceStrengthsAnalysis('train').measure(probe));
    expect(found.sequences).toEqual(Array.from({ length: 70 }, (_, i) => i));
    found.strengths.forEach((values, i) => {
      const strength = table.strengths.find(
        ({ evaluator, block, head }) => evaluator === 'train' && 2 * block + head === i,
      );
      expect(mean(values)).toBeCloseTo(strength?.mean ?? Number.NaN, 12);
    });
    const [first] = plain(probe, 'train');
    const row = first.pattern[1][1][4];
    expect(found.strengths[3][0]).toBeCloseTo((first.correct === 0 ? 1 : -1) * (row[1] - row[3]), 10);
  });

  test('is the same on the fast engine, to its rounding', () => {
    const fast = testProbe(createWasmKernels(loadKernelModule().module));
    const other = finish(attentionAnalysis.measure(fast));
    expect(other.groups.map(({ mean: _, ...rest }) => rest)).toEqual(
      table.groups.map(({ mean: _, ...rest }) => rest),
    );
    other.groups.forEach((group, g) =>
      group.mean.forEach((value, i) => expect(value).toBeCloseTo(table.groups[g].mean[i], 5)),
    );
  });

  test('of one sequence does not depend on those beside it', () => {
    const [whole, part] = [70, 5].map((size) =>
      testProbe(createWasmKernels(loadKernelModule().module), {}, size),
    );
    const strengths = [whole, part].map(
      (each) => finish(sequenceStrengthsAnalysis('train').measure(each)).strengths,
    );
    strengths[1].forEach((values, head) => expect(strengths[0][head].slice(0, 5)).toEqual(values));
  });
});

test('the correct pair is the first that has the correct label; a choice needs a pair that has not', () => {
  const batch = (contextPairs: number, ...labels: number[]) => ({
    size: 1,
    contextPairs,
    firstSequence: 0,
    classes: new Int32Array(labels.length),
    exemplars: new Int32Array(labels.length),
    labels: Int32Array.from(labels),
    kinds: new Uint8Array(labels.length),
  });
  expect(correctPair(batch(3, 5, 7, 7, 7), 0)).toBe(1);
  expect(pairSigns(batch(3, 5, 7, 7, 7), 0)).toEqual([-1, 1, 1]);
  expect(correctPair(batch(2, 5, 7, 9), 0)).toBeUndefined();
  expect(pairSigns(batch(2, 5, 7, 9), 0)).toBeUndefined();
  expect(pairSigns(batch(2, 9, 9, 9), 0)).toBeUndefined();
});
