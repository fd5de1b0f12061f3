/**
 * `headTemperature`: scores of the whole block, all heads and rows, become those of a clean pass, divided by the head's
 * temperature, 1 where none is named: the block's patterns are the clean ones but for that.
 */
import { z } from 'zod';
import { LabError } from '../../errors/lab-error.ts';
import { findSite } from '../../model/sites.ts';
import type { Claim } from '../claim.ts';
import { headSchema, headsOf } from '../heads.ts';
import { defineKind, lineNumber } from '../kind.ts';

export const headTemperature = defineKind({
  schema: z.strictObject({
    kind: z
      .literal('headTemperature')
      .describe("a clean pass's scores in the whole block, over a temperature"),
    temperatures: z
      .record(headSchema, z.number().positive())
      .refine((given) => Object.keys(given).length > 0, 'expected at least one head, such as "1:2": 0.25')
      .describe('by head; 1 where a head of the block is not named'),
  }),
  example: 'headTemperature=1:2@0.25',
  fromLine: (text) => ({
    temperatures: Object.fromEntries(
      text.split(',').map((part) => {
        const [head, temperature = ''] = part.trim().split('@');
        return [head, lineNumber(temperature)];
      }),
    ),
  }),
  toLine: ({ temperatures }) =>
    Object.entries(temperatures)
      .map(([head, temperature]) => `${head}@${temperature}`)
      .join(','),
  claims: ({ temperatures }, { shape, where }) => {
    const blocks = new Map<number, { divisors: number[]; items: string[]; named: Set<number> }>();
    for (const [item, temperature] of Object.entries(temperatures)) {
      const { block, heads } = headsOf(item, shape, where);
      const known = blocks.get(block) ?? {
        divisors: Array.from({ length: shape.heads }, () => 1),
        items: [],
        named: new Set<number>(),
      };
      for (const head of heads) {
        if (known.named.has(head))
          throw new LabError(`${where}: head ${block}:${head} is named twice; give it one temperature`);
        known.named.add(head);
        known.divisors[head] = temperature;
      }
      known.items.push(item);
      blocks.set(block, known);
    }
    return [...blocks].map(
      ([block, { divisors, items }]): Claim => ({
        site: findSite(shape, `blocks.${block}.attention.scores`),
        region: {},
        item: items.join(','),
        value: { kind: 'copied', source: 'clean', divisors },
      }),
    );
  },
});
