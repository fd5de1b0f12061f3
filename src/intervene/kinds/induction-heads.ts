/**
 * `inductionHeads`: the query's row of the pattern becomes s on context labels equal to the query's, 1 - s on the others,
 * 0 on exemplars and itself. Not normalised, so it is refused unless exactly one of two labels matches.
 */
import { z } from 'zod';
import { LabError } from '../../errors/lab-error.ts';
import { queryPlace, type Workplace, type Write, writtenClaim } from '../claim.ts';
import { headsOf, headsSchema } from '../heads.ts';
import { defineKind, lineParts } from '../kind.ts';

export const inductionHeads = defineKind({
  schema: z.strictObject({
    kind: z.literal('inductionHeads').describe("the query's attention goes to the label that matches"),
    heads: headsSchema,
    strength: z
      .number()
      .min(0)
      .max(1)
      .describe('attention on the matching label; the rest goes to the other'),
  }),
  example: 'inductionHeads=1:3@0.8',
  fromLine: (text) => {
    const { items, number, words } = lineParts(text);
    return { heads: [...items, ...words], strength: number };
  },
  toLine: ({ heads, strength }) => `${heads.join(',')}@${strength}`,
  claims: ({ heads, strength }, target) => {
    const { shape, where } = target;
    if (shape.contextPairs !== 2) {
      throw new LabError(
        `${where}: meant for 2 context pairs; this model has ${shape.contextPairs}; matchHeads or a clamp does for any number`,
      );
    }
    return heads.map((item) => {
      const { block, heads: claimed } = headsOf(item, shape, where);
      const region = { heads: claimed, places: [queryPlace(shape)] };
      return writtenClaim(target, `blocks.${block}.attention.pattern`, region, item, matching(strength));
    });
  },
});

function matching(strength: number): (place: Workplace) => Write {
  return ({ entries, layout: { lanes }, input, where }) => {
    const { contextLabels, targets } = input;
    return (x, at) => {
      assertOneMatches(input, lanes, where);
      for (const [i, offset] of entries.offsets.entries()) {
        const key = entries.columns[i];
        if (key % 2 === 0) {
          x.fill(0, at + offset, at + offset + lanes);
          continue;
        }
        const pair = (key - 1) / 2;
        for (let lane = 0; lane < lanes; lane++) {
          const matches = contextLabels[pair * lanes + lane] === targets[lane];
          x[at + offset + lane] = matches ? strength : 1 - strength;
        }
      }
    };
  };
}

function assertOneMatches(
  { contextLabels, targets, size }: Workplace['input'],
  lanes: number,
  where: string,
): void {
  for (let lane = 0; lane < size; lane++) {
    const [first, second] = [contextLabels[lane], contextLabels[lanes + lane]];
    const matches = Number(first === targets[lane]) + Number(second === targets[lane]);
    if (matches === 1) continue;
    throw new LabError(
      `${where}: ${matches} of the context labels ${first}, ${second} equal the query's ${targets[lane]}, where exactly ` +
        'one has to; take sequences with the label in the context once, such as ciwl',
    );
  }
}
