/**
 * `matchHeads`: the query's row of the pattern becomes softmax(cosine of the raw exemplars / T) over the context, on the
 * labels' places, 0 elsewhere; at T = 0 it is 1 on each maximum.
 */
import { z } from 'zod';
import { exp } from '../../engine/elementary.ts';
import type { ModelShape } from '../../model/config.ts';
import { queryPlace, type Workplace, type Write, writtenClaim } from '../claim.ts';
import { headsOf, headsSchema } from '../heads.ts';
import { defineKind, lineParts } from '../kind.ts';

export const matchHeads = defineKind({
  schema: z.strictObject({
    kind: z.literal('matchHeads').describe('the query attends to labels of exemplars like its own'),
    heads: headsSchema,
    temperature: z.number().min(0).describe('of the softmax over cosines; 0: 1 on each maximum'),
  }),
  example: 'matchHeads=1:1@0',
  fromLine: (text) => {
    const { items, number, words } = lineParts(text);
    return { heads: [...items, ...words], temperature: number };
  },
  toLine: ({ heads, temperature }) => `${heads.join(',')}@${temperature}`,
  claims: ({ heads, temperature }, target) =>
    heads.map((item) => {
      const { block, heads: claimed } = headsOf(item, target.shape, target.where);
      const region = { heads: claimed, places: [queryPlace(target.shape)] };
      return writtenClaim(target, `blocks.${block}.attention.pattern`, region, item, likeness(temperature));
    }),
});

function likeness(temperature: number): (place: Workplace) => Write {
  return ({ entries, layout: { lanes, shape }, input }) => {
    const weights = new Float64Array(shape.contextPairs * lanes);
    return (x, at) => {
      for (let lane = 0; lane < lanes; lane++)
        attend(weights, input.examples, shape, lanes, lane, temperature);
      for (const [i, offset] of entries.offsets.entries()) {
        const key = entries.columns[i];
        const pair = (key - 1) / 2;
        for (let lane = 0; lane < lanes; lane++)
          x[at + offset + lane] = key % 2 === 0 ? 0 : weights[pair * lanes + lane];
      }
    };
  };
}

/** Writes a lane's weights on the context's exemplars. */
function attend(
  weights: Float64Array,
  examples: ArrayLike<number>,
  { contextPairs, exampleDim }: ModelShape,
  lanes: number,
  lane: number,
  temperature: number,
): void {
  const begin = (place: number) => (place * lanes + lane) * exampleDim;
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < exampleDim; i++) sum += examples[a + i] * examples[b + i];
    return sum;
  };
  const query = begin(contextPairs);
  const cosines = Array.from({ length: contextPairs }, (_, pair) => {
    const one = begin(pair);
    const norms = Math.sqrt(dot(one, one)) * Math.sqrt(dot(query, query));
    // Padding lanes hold zeros.
    return norms === 0 ? 0 : dot(one, query) / norms;
  });
  const most = Math.max(...cosines);
  const raw = cosines.map((cosine) => {
    if (temperature === 0) return cosine === most ? 1 : 0;
    return exp((cosine - most) / temperature);
  });
  const sum = temperature === 0 ? 1 : raw.reduce((a, b) => a + b);
  for (const [pair, weight] of raw.entries()) weights[pair * lanes + lane] = weight / sum;
}
