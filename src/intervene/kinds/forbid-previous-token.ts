/** `forbidPreviousToken`: the score of row i on i - 1 becomes -1e9, for i >= 1: attention there is none. */
import { z } from 'zod';
import { constant, labelPlaces, writtenClaim } from '../claim.ts';
import { headsOf, headsSchema } from '../heads.ts';
import { defineKind, labelsWord, lineParts } from '../kind.ts';

/** The score of what is not attended to. */
export const noScore = -1e9;

export const forbidPreviousToken = defineKind({
  schema: z.strictObject({
    kind: z.literal('forbidPreviousToken').describe('no row attends to the token before it'),
    heads: headsSchema,
    labelRowsOnly: z.boolean().default(false).describe('only rows of labels'),
  }),
  example: 'forbidPreviousToken=0:*,labels',
  fromLine: (text) => {
    const { items } = lineParts(text);
    const isHead = (word: string) => word.includes(':');
    return {
      heads: items.filter(isHead),
      labelRowsOnly: labelsWord(items.filter((word) => !isHead(word))),
    };
  },
  toLine: ({ heads, labelRowsOnly }) => `${heads.join(',')}${labelRowsOnly ? ',labels' : ''}`,
  claims: ({ heads, labelRowsOnly }, target) =>
    heads.flatMap((item) => {
      const { shape, where } = target;
      const { block, heads: claimed } = headsOf(item, shape, where);
      const rows = labelRowsOnly
        ? labelPlaces(shape)
        : Array.from({ length: 2 * shape.contextPairs }, (_, i) => i + 1);
      return rows.map((row) =>
        writtenClaim(
          target,
          `blocks.${block}.attention.scores`,
          { heads: claimed, places: [row], columns: [row - 1] },
          item,
          constant(noScore),
        ),
      );
    }),
});
