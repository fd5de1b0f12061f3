/** `labelsOnly`: in the last block the query's row attends to labels alone: scores on exemplars, itself included, := -1e9. */
import { z } from 'zod';
import { LabError } from '../../errors/lab-error.ts';
import { constant, exemplarPlaces, queryPlace, writtenClaim } from '../claim.ts';
import { headsOf, headsSchema } from '../heads.ts';
import { defineKind, lineParts } from '../kind.ts';
import { noScore } from './forbid-previous-token.ts';

export const labelsOnly = defineKind({
  schema: z.strictObject({
    kind: z.literal('labelsOnly').describe("the last block's query attends to labels alone"),
    heads: headsSchema,
  }),
  example: 'labelsOnly=1:*',
  fromLine: (text) => ({ heads: lineParts(text).items }),
  toLine: ({ heads }) => heads.join(','),
  claims: ({ heads }, target) =>
    heads.map((item) => {
      const { shape, where } = target;
      const { block, heads: claimed } = headsOf(item, shape, where);
      if (block !== shape.depth - 1) {
        throw new LabError(
          `${where}: head ${item} is not of the last block, ${shape.depth - 1}; name its heads`,
        );
      }
      const region = { heads: claimed, places: [queryPlace(shape)], columns: exemplarPlaces(shape) };
      return writtenClaim(target, `blocks.${block}.attention.scores`, region, item, constant(noScore));
    }),
});
