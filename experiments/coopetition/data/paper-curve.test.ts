import { expect, it } from 'vitest';
import { findMoments } from '../../../src/evaluate/moments.ts';
import { paperCurves, paperEvaluators, paperSequences } from './paper-curve.ts';

const curves = paperCurves();

it.each(paperEvaluators)('has the %s curve from the start to the end, clipped at 0', (evaluator) => {
  const curve = curves[evaluator];
  expect(curve.length).toBeGreaterThan(250);
  expect(curve[0].sequences).toBeGreaterThanOrEqual(0);
  expect(curve[0].sequences).toBeLessThan(200_000);
  expect(curve.at(-1)?.sequences).toBeGreaterThan(0.99 * paperSequences);
  for (const { value } of curve) expect(value).toBeGreaterThan(0);
  for (const { value } of curve) expect(value).toBeLessThan(1);
});

it('gives the moments the paper annotates, within how exactly they were read', () => {
  const moments = findMoments(curves, 0.95);
  const within = (number: 1 | 2 | 3 | 4, expected: number): void => {
    expect(Math.abs((moments[number]?.sequences ?? 0) - expected)).toBeLessThanOrEqual(3e5);
  };
  within(1, 3.29e6);
  within(2, 4.28e6);
  within(3, 6.28e6);
  within(4, 1.47e7);
  expect(moments[2]?.value).toBeCloseTo(0.713, 3);
});
