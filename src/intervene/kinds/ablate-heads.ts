/** `ablateHeads`: v := 0 at every place, so that these heads add nothing (measurement 1 of the released code). */
import { z } from 'zod';
import { constant, writtenClaim } from '../claim.ts';
import { headsOf, headsSchema } from '../heads.ts';
import { defineKind, lineParts } from '../kind.ts';

export const ablateHeads = defineKind({
  schema: z.strictObject({
    kind: z.literal('ablateHeads').describe('values := 0 at every place'),
    heads: headsSchema,
  }),
  example: 'ablateHeads=0:1,0:4',
  fromLine: (text) => ({ heads: lineParts(text).items }),
  toLine: ({ heads }) => heads.join(','),
  claims: ({ heads }, target) =>
    heads.map((item) => {
      const { block, heads: claimed } = headsOf(item, target.shape, target.where);
      return writtenClaim(target, `blocks.${block}.attention.v`, { heads: claimed }, item, constant(0));
    }),
});
