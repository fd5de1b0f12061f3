/**
 * `outputFromHead`: the logits of the context's labels become the head's clean-pass scores in the query's row, all other
 * logits -1e9: what the head alone would answer. Of a label that comes several times the last place counts.
 */
import { z } from 'zod';
import { findSite } from '../../model/sites.ts';
import { headSchema, headsOf } from '../heads.ts';
import { LabError } from '../../errors/lab-error.ts';
import { defineKind } from '../kind.ts';

export const outputFromHead = defineKind({
  schema: z.strictObject({
    kind: z.literal('outputFromHead').describe("the answer is what a head's clean scores say"),
    head: headSchema.describe('the head as block:head'),
  }),
  example: 'outputFromHead=1:1',
  fromLine: (text) => ({ head: text }),
  toLine: ({ head }) => head,
  claims: ({ head: item }, { shape, where }) => {
    const { block, heads } = headsOf(item, shape, where);
    if (item.endsWith('*')) throw new LabError(`${where}: one head is meant, not all of block ${block}`);
    return [
      {
        site: findSite(shape, 'logits'),
        region: {},
        item,
        value: {
          kind: 'answered',
          scores: findSite(shape, `blocks.${block}.attention.scores`),
          head: heads[0],
        },
      },
    ];
  },
});
