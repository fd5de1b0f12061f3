/**
 * What seeds mean, pinned: a change here changes every run. The lines were recomputed by a second implementation of
 * threefry and of the sampling rules, in Python integers, sharing no code with this one.
 */
import { expect, test } from 'vitest';
import { type ExampleSequence, exampleSequences } from './describe-sequences.ts';
import { drawEvaluatorSets } from './evaluator-sets.ts';
import type { ResolvedData } from './resolved-data.ts';
import { createSequenceBatch } from './sequence-batch.ts';
import { plainBursty, type SequenceDistribution } from './sequence-distribution.ts';
import { createTrainingSampler } from './training-data.ts';

function paperData(contextPairs: number, distribution: Partial<SequenceDistribution> = {}): ResolvedData {
  return {
    contextPairs,
    classes: 12_800,
    exemplars: 20,
    labels: 12_800,
    exampleDim: 512,
    exemplarNoise: 0,
    components: [{ probability: 1, distribution: { ...plainBursty, ...distribution } }],
  };
}

function lineOf({ context, query }: ExampleSequence): string {
  const shown = context.map((place) => `c${place.class}/e${place.exemplar}:L${place.label}`).join(' ');
  return `${shown} | c${query.class}/e${query.exemplar} -> L${query.label}`;
}

function trainingLines(data: ResolvedData, trainSeed: number, step: number, batchSize = 32): string[] {
  const batch = createSequenceBatch(batchSize, data.contextPairs);
  createTrainingSampler(data, trainSeed).fill(batch, step);
  return exampleSequences(batch).map(lineOf);
}

test("training sequences of the paper's main run (train seed 2)", () => {
  expect(trainingLines(paperData(2), 2, 0).slice(0, 2)).toEqual([
    'c11207/e2:L11207 c3396/e18:L3396 | c3396/e2 -> L3396',
    'c11311/e2:L11311 c7783/e3:L7783 | c11311/e14 -> L11311',
  ]);
  expect(trainingLines(paperData(2), 2, 999)[31]).toBe('c799/e18:L799 c6253/e4:L6253 | c6253/e11 -> L6253');
});

test('a relabeling changes labels only', () => {
  expect(trainingLines(paperData(2, { relabel: 'pair' }), 2, 0).slice(0, 2)).toEqual([
    'c11207/e2:L11491 c3396/e18:L3962 | c3396/e2 -> L3962',
    'c11311/e2:L5342 c7783/e3:L11967 | c11311/e14 -> L5342',
  ]);
});

test('eight pairs with matched exemplars', () => {
  expect(trainingLines(paperData(8, { burstiness: 3, matchExemplars: true }), 2, 0)[0]).toBe(
    'c2354/e13:L2354 c3396/e4:L3396 c11207/e5:L11207 c11207/e5:L11207 c11207/e5:L11207 c3396/e4:L3396 ' +
      'c3396/e4:L3396 c1916/e6:L1916 | c3396/e4 -> L3396',
  );
});

test('evaluator sets of eval seed 1', () => {
  const first = drawEvaluatorSets(paperData(2), 1, 3).map(({ definition, sequences }) => {
    return `${definition.name}: ${lineOf(exampleSequences(sequences)[0])}`;
  });
  expect(first).toEqual([
    'train: c503/e0:L503 c929/e2:L929 | c929/e3 -> L929',
    'icl: c1300/e4:L0 c477/e3:L1 | c477/e1 -> L1',
    'ciwl: c263/e0:L263 c445/e4:L1441 | c1441/e3 -> L1441',
    'flip: c1151/e2:L42 c42/e2:L1151 | c42/e4 -> L1151',
    'iwl: c1212/e2:L1212 c586/e1:L586 | c103/e4 -> L103',
  ]);
});
