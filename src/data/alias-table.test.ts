import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CounterRandom } from '../engine/counter-random.ts';
import { AliasTable } from './alias-table.ts';
import { chiSquareDeviations } from './chi-square.ts';

function drawCounts(weights: readonly number[], draws: number): number[] {
  const random = new CounterRandom(7, 0);
  const table = new AliasTable(Float64Array.from(weights));
  const counts: number[] = weights.map(() => 0);
  for (let i = 0; i < draws; i++) counts[table.draw(random)]++;
  return counts;
}

function probabilitiesOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

test.each([
  ['one outcome', [3]],
  ['equal weights', [1, 1, 1, 1, 1, 1, 1]],
  ['a heavy first', [100, 1, 1, 1]],
  ['a heavy last', [1, 1, 1, 100]],
  ['Zipf', Array.from({ length: 40 }, (_, i) => 1 / (i + 1))],
  ['thirds, which no double holds exactly', [1 / 3, 1 / 3, 1 / 3, 2 / 3, 2 / 3]],
])('draws in proportion to the weights: %s', (_, weights) => {
  const deviations = chiSquareDeviations(drawCounts(weights, 20_000), probabilitiesOf(weights));
  expect(deviations).toBeLessThan(4);
});

test('draws in proportion to any weights', () => {
  const weight = fc.double({ min: 0.01, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 12 }), (weights) => {
      // A bound no fair table passes by chance: each outcome within 6 standard deviations.
      const draws = 2000;
      const counts = drawCounts(weights, draws);
      probabilitiesOf(weights).forEach((probability, i) => {
        const slack = 6 * Math.sqrt(draws * probability * (1 - probability)) + 6;
        expect(Math.abs(counts[i] - draws * probability)).toBeLessThanOrEqual(slack);
      });
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('a weight too small to be drawn is not drawn', () => {
  expect(drawCounts([1, 1e-300, 1], 5000)[1]).toBe(0);
});
