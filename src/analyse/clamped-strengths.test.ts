import { expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import { readSite } from '../model/read-site.ts';
import { attentionAnalysis } from './attention.ts';
import { clampedStrengthsAnalysis } from './clamped-strengths.ts';
import { correctPair, labelToken } from './correct-pair.ts';
import type { Probe } from './probe.ts';
import { finish, testProbe } from './testing.ts';

const accuracyAt = (probe: Probe, head: number, strength: number) => {
  const set = probe.set('ciwl');
  const { depth, dModel, heads, contextPairs, labels } = probe.shape;
  const headDim = dModel / heads;
  const block = depth - 1;
  const weight = (name: string) => probe.model.parameters.get(name).data;
  let right = 0;
  for (let sequence = 0; sequence < set.sequences.size; sequence++) {
    probe.run(set, sequence, 1);
    const values = readSite(probe.model, `blocks.${block}.attention.v`, 1).data;
    const v = (token: number, i: number) => values[(head * 5 + token) * headDim + i];
    const correct = correctPair(set.sequences, sequence) ?? -1;
    const [hit, other] = [labelToken(correct), labelToken(1 - correct)];
    // The residual at the query is its position, for the token is gone, and what the one head writes there.
    const residual = Array.from({ length: dModel }, (_, row) => {
      let sum = weight('positionEmbed.weight')[4 * dModel + row];
      for (let i = 0; i < headDim; i++) {
        const z = strength * v(hit, i) + (1 - strength) * v(other, i);
        sum += weight(`blocks.${block}.attention.proj.weight`)[row * dModel + head * headDim + i] * z;
      }
      return sum;
    });
    const mean = residual.reduce((sum, x) => sum + x, 0) / dModel;
    const variance = residual.reduce((sum, x) => sum + (x - mean) ** 2, 0) / dModel;
    const hidden = residual.map(
      (x, i) => ((x - mean) / Math.sqrt(variance + 1e-5)) * weight('norm.weight')[i] + weight('norm.bias')[i],
    );
    const logit = (label: number) =>
      hidden.reduce(
        (sum, x, i) => sum + x * weight('unembed.weight')[label * dModel + i],
        weight('unembed.bias')[label],
      );
    const [a, b] = Array.from(
      { length: contextPairs },
      (_, pair) => set.sequences.labels[sequence * 3 + pair],
    );
    const [best, worse] = logit(a) >= logit(b) ? [a, b] : [b, a];
    expect(best).toBeLessThan(labels);
    expect(worse).not.toBe(best);
    if (best === set.sequences.labels[sequence * 3 + 2]) right++;
  }
  return right / set.sequences.size;
};

test.each([1, 2])('a clamped head alone does what the formulas say, %d block(s)', (depth) => {
  const probe = testProbe(createReferenceKernels(), { depth }, 60);
  const table = finish(clampedStrengthsAnalysis.measure(probe));
  expect(table).toMatchObject({ block: depth - 1, sequences: 60 });
  expect(table.heads).toHaveLength(2);
  for (const { head, accuracies } of table.heads) {
    for (const at of [0, 3, 10])
      expect(accuracies[at]).toBeCloseTo(accuracyAt(probe, head, table.strengths[at]), 12);
  }
  expect(table.heads[0].accuracies).not.toEqual(table.heads[1].accuracies);
});

test('leaves nothing behind: a clean pass afterwards is as before', () => {
  const probe = testProbe(createReferenceKernels(), {}, 20);
  const before = finish(attentionAnalysis.measure(probe));
  finish(clampedStrengthsAnalysis.measure(probe));
  expect(finish(attentionAnalysis.measure(probe))).toEqual(before);
});
