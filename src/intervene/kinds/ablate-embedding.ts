/**
 * `ablateEmbedding`: token embeddings := 0 at all places while positions stay, as the released code does (the text says
 * the whole pathway: `all`).
 */
import { z } from 'zod';
import { constant, writtenClaim } from '../claim.ts';
import { defineKind } from '../kind.ts';

export const ablateEmbedding = defineKind({
  schema: z.strictObject({
    kind: z.literal('ablateEmbedding').describe('embeddings := 0 at every place'),
    part: z
      .enum(['token', 'all'])
      .default('token')
      .describe('token: positions stay, as in the released code; all: they go too'),
  }),
  example: 'ablateEmbedding=token',
  fromLine: (text) => (text === '' ? {} : { part: text }),
  toLine: ({ part }) => part,
  claims: ({ part }, target) => [
    writtenClaim(target, part === 'token' ? 'embedding.token' : 'embedding', {}, part, constant(0)),
  ],
});
