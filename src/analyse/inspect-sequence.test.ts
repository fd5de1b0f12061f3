import { expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import { rampSource } from '../data/testing.ts';
import { inspectSequence, tokenNames } from './inspect-sequence.ts';
import { plainPatterns, testProbe } from './testing.ts';

const kernels = createReferenceKernels();
const probe = testProbe(kernels);

test('attention is that of the plain formulas', () => {
  const set = probe.set('flip');
  const { patterns, tokens, sequence } = inspectSequence(probe, set, 7);
  const plain = plainPatterns(probe, set.sequences, 7);
  expect(tokens).toEqual(['x1', 'l1', 'x2', 'l2', 'xq']);
  expect(sequence.query.label).toBe(set.sequences.labels[7 * 3 + 2]);
  patterns.forEach((heads, block) =>
    heads.forEach((rows, head) =>
      rows.forEach((row, query) => {
        expect(row).toHaveLength(query + 1);
        row.forEach((value, key) => expect(value).toBeCloseTo(plain[block][head][query][key], 10));
      }),
    ),
  );
});

test.each(['train', 'iwl'] as const)('the answer is what evaluation finds: %s', (name) => {
  const set = probe.set(name);
  const evaluator = new Evaluator({
    kernels,
    shape: probe.shape,
    parameters: probe.model.parameters,
    source: rampSource(30),
    sets: [set],
  });
  const evaluation = [...evaluator.evaluate(0, 0)].at(-1);
  for (let number = 0; number < 20; number++) {
    const { answer } = inspectSequence(probe, set, number);
    const of = (metric: 'prob' | 'inContextProb' | 'accuracy' | 'inContextAccuracy') =>
      evaluation?.perSequence[metric][number] ?? Number.NaN;
    expect(answer.prob).toBeCloseTo(of('prob'), 10);
    expect(answer.inContextProb).toBeCloseTo(of('inContextProb'), 10);
    expect(answer.label === answer.correctLabel ? 1 : 0).toBe(of('accuracy'));
    expect(answer.inContextLabel === answer.correctLabel ? 1 : 0).toBe(of('inContextAccuracy'));
  }
});

test('tokens are called x1, l1, ..., xq', () => {
  expect(tokenNames(1)).toEqual(['x1', 'l1', 'xq']);
});
