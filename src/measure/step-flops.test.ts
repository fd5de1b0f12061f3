import { expect, test } from 'vitest';
import { resolveData } from '../data/resolved-data.ts';
import { modelShape } from '../runs/assemble.ts';
import { measuredConfig } from './shapes.ts';
import { stepFlops } from './step-flops.ts';

test("the paper's step: 157 of 196 MFLOP belong to the unembedding", () => {
  const { data, model } = measuredConfig('paper');
  const shape = modelShape({ model }, resolveData(data, data.source));
  expect(Math.round(stepFlops(shape, 32) / 1e6)).toBe(196);
  expect(Math.round((stepFlops(shape, 32) - stepFlops({ ...shape, labels: 0 }, 32)) / 1e6)).toBe(157);
});
