/** `previousTokenHeads`: row i of the pattern becomes s on i - 1 and 1 - s on i itself; row 0 attends to itself. */
import { z } from 'zod';
import { labelPlaces, perEntry, writtenClaim } from '../claim.ts';
import { headsOf, headsSchema } from '../heads.ts';
import { defineKind, labelsWord, lineParts } from '../kind.ts';

export const previousTokenHeads = defineKind({
  schema: z.strictObject({
    kind: z.literal('previousTokenHeads').describe('every row attends to the token before it'),
    heads: headsSchema,
    strength: z.number().min(0).max(1).describe('attention on the token before; the rest stays on the token'),
    labelRowsOnly: z.boolean().default(false).describe('only rows of labels'),
  }),
  example: 'previousTokenHeads=0:0@0.7,labels',
  fromLine: (text) => {
    const { items, number, words } = lineParts(text);
    return { heads: items, strength: number, labelRowsOnly: labelsWord(words) };
  },
  toLine: ({ heads, strength, labelRowsOnly }) =>
    `${heads.join(',')}@${strength}${labelRowsOnly ? ',labels' : ''}`,
  claims: ({ heads, strength, labelRowsOnly }, target) =>
    heads.map((item) => {
      const { block, heads: claimed } = headsOf(item, target.shape, target.where);
      const region = { heads: claimed, places: labelRowsOnly ? labelPlaces(target.shape) : undefined };
      return writtenClaim(
        target,
        `blocks.${block}.attention.pattern`,
        region,
        item,
        perEntry((row, key) => {
          if (row === 0) return 1;
          if (key === row) return 1 - strength;
          return key === row - 1 ? strength : 0;
        }),
      );
    }),
});
