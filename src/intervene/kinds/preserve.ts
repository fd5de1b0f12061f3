/**
 * `preserve`: queries, keys (after rotary positions), values or patterns of every block, head and row are those of a clean
 * pass of the same model, without any intervention or graft. Gradients flow through that pass.
 */
import { z } from 'zod';
import { findSite } from '../../model/sites.ts';
import type { Claim } from '../claim.ts';
import { defineKind, lineParts } from '../kind.ts';

const parts = {
  queries: 'attention.q',
  keys: 'attention.k',
  values: 'attention.v',
  patterns: 'attention.pattern',
} as const;

const siteSchema = z.enum(['queries', 'keys', 'values', 'patterns']);

export const preserve = defineKind({
  schema: z.strictObject({
    kind: z.literal('preserve').describe("a clean pass's activations in every block, head and row"),
    sites: z.array(siteSchema).min(1).describe('which: queries, keys, values, patterns'),
  }),
  example: 'preserve=queries,values',
  fromLine: (text) => ({ sites: lineParts(text).items }),
  toLine: ({ sites }) => sites.join(','),
  claims: ({ sites }, { shape }) =>
    sites.flatMap((item) =>
      Array.from(
        { length: shape.depth },
        (_, block): Claim => ({
          site: findSite(shape, `blocks.${block}.${parts[item]}`),
          region: {},
          item,
          value: { kind: 'copied', source: 'clean' },
        }),
      ),
    ),
});
