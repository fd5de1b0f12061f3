import { describe, expect, test } from 'vitest';
import { CounterRandom } from '../engine/counter-random.ts';
import { chiSquareDeviations } from './chi-square.ts';
import { createClassLaw } from './class-law.ts';
import { ClassSet } from './class-set.ts';

const draws = 20_000;

function setOf(classes: number, rows: readonly number[]): ClassSet {
  const set = new ClassSet(classes);
  for (const row of rows) set.add(row);
  return set;
}

/** rank^-exponent over the rows that are not avoided, renormalised: the definition. */
function expectedLaw(classes: number, exponent: number, avoided: readonly number[] = []): number[] {
  const weights = Array.from({ length: classes }, (_, row) =>
    avoided.includes(row) ? 0 : (row + 1) ** -exponent,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function countDraws(classes: number, draw: (random: CounterRandom) => number): number[] {
  const random = new CounterRandom(11, 0);
  const counts = Array<number>(classes).fill(0);
  for (let i = 0; i < draws; i++) counts[draw(random)]++;
  return counts;
}

describe.each([0, 0.5, 1, 2])('classes with p ~ rank^-%d', (exponent) => {
  const classes = 12;
  const law = createClassLaw(classes, exponent);

  test('draw', () => {
    const counts = countDraws(classes, (random) => law.draw(random));
    expect(chiSquareDeviations(counts, expectedLaw(classes, exponent))).toBeLessThan(4);
  });

  test.each([0, 5, 11])('drawOther than %d is renormalised over the others', (avoided) => {
    const counts = countDraws(classes, (random) => law.drawOther(random, avoided));
    expect(chiSquareDeviations(counts, expectedLaw(classes, exponent, [avoided]))).toBeLessThan(4);
  });

  test.each([[[0]], [[3, 0]], [[0, 1, 2, 3, 4, 6, 7, 8]]])(
    'drawOutside %j is renormalised likewise',
    (avoided) => {
      const set = setOf(classes, avoided);
      const counts = countDraws(classes, (random) => law.drawOutside(random, set));
      expect(chiSquareDeviations(counts, expectedLaw(classes, exponent, avoided))).toBeLessThan(4);
    },
  );

  test('the only class left is found', () => {
    const rows = Array.from({ length: 5000 }, (_, row) => row);
    const set = setOf(
      5000,
      rows.filter((row) => row !== 4321),
    );
    const many = createClassLaw(5000, exponent);
    expect(many.drawOutside(new CounterRandom(1, 0), set)).toBe(4321);
    expect(createClassLaw(2, exponent).drawOther(new CounterRandom(1, 0), 0)).toBe(1);
  });
});

test('a uniform draw among few of many classes stays uniform where rejection gives up', () => {
  const left = [17, 400, 401, 999];
  const set = setOf(
    1000,
    Array.from({ length: 1000 }, (_, row) => row).filter((row) => !left.includes(row)),
  );
  const law = createClassLaw(1000, 0);
  const counts = countDraws(1000, (random) => law.drawOutside(random, set));
  expect(counts.reduce((sum, count, row) => sum + (left.includes(row) ? count : 0), 0)).toBe(draws);
  expect(
    chiSquareDeviations(
      left.map((row) => counts[row]),
      Array(4).fill(0.25),
    ),
  ).toBeLessThan(4);
});

test('a steep Zipf draw without its head keeps the tail in proportion where rejection gives up', () => {
  const law = createClassLaw(40, 10);
  const head = setOf(40, [0, 1, 2, 3, 4, 5]);
  const counts = countDraws(40, (random) => law.drawOutside(random, head));
  // Ranks 7, 8 and 9 and the rest: beyond, single expected counts are too small for a chi-square.
  const expected = expectedLaw(40, 10, [0, 1, 2, 3, 4, 5]);
  const grouped = (values: readonly number[]) => [
    ...values.slice(6, 9),
    values.slice(9).reduce((sum, value) => sum + value, 0),
  ];
  expect(counts.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(chiSquareDeviations(grouped(counts), grouped(expected))).toBeLessThan(4);
  const otherThanFirst = countDraws(40, (random) => law.drawOther(random, 0));
  const expectedOther = expectedLaw(40, 10, [0]);
  const two = (values: readonly number[]) => [
    values[1],
    values[2],
    values.slice(3).reduce((sum, v) => sum + v, 0),
  ];
  expect(otherThanFirst[0]).toBe(0);
  expect(chiSquareDeviations(two(otherThanFirst), two(expectedOther))).toBeLessThan(4);
});
