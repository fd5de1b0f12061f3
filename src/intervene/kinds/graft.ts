/**
 * `graftIn`: a donor's embeddings and blocks up to one of them, then ours; `graftOut`: our residual stream after a block
 * through the donor's further blocks, final norm and unembedding. The donor gets no gradient; gradients pass through it
 * to what lies below.
 */
import { z } from 'zod';
import { LabError } from '../../errors/lab-error.ts';
import type { Target } from '../claim.ts';
import { defineKind, lineNumber } from '../kind.ts';

const block = z.int().min(0);
/** Where the donor's weights are. */
const donor = {
  run: z.string().min(1).describe("the donor: a run's folder, name or id"),
  sequences: z.int().min(0).describe('sequences the donor had seen'),
};

/** `0@RUN:20000000`; a run's folder may have colons and at-signs of its own. */
function graftLine(text: string): { block: number; run: string; sequences: number } {
  const at = text.indexOf('@');
  const colon = text.lastIndexOf(':');
  if (at < 0 || colon < at) return { block: lineNumber(text), run: '', sequences: NaN };
  return {
    block: lineNumber(text.slice(0, at)),
    run: text.slice(at + 1, colon),
    sequences: lineNumber(text.slice(colon + 1)),
  };
}

function assertBlock(index: number, { shape, where }: Target): void {
  if (index < shape.depth) return;
  throw new LabError(`${where}: no block ${index}; this model has blocks 0 .. ${shape.depth - 1}`);
}

export const graftIn = defineKind({
  schema: z.strictObject({
    kind: z.literal('graftIn').describe("a donor's embeddings and first blocks, then ours"),
    throughBlock: block.describe("the donor's last block, inclusive"),
    ...donor,
  }),
  example: 'graftIn=0@runs/main:20000000',
  fromLine: (text) => {
    const { block: throughBlock, run, sequences } = graftLine(text);
    return { throughBlock, run, sequences };
  },
  toLine: ({ throughBlock, run, sequences }) => `${throughBlock}@${run}:${sequences}`,
  claims: ({ throughBlock }, target) => {
    assertBlock(throughBlock, target);
    return [];
  },
});

export const graftOut = defineKind({
  schema: z.strictObject({
    kind: z
      .literal('graftOut')
      .describe("our first blocks, then a donor's further ones, norm and unembedding"),
    afterBlock: block.describe('our last block'),
    ...donor,
  }),
  example: 'graftOut=0@runs/main:20000000',
  fromLine: (text) => {
    const { block: afterBlock, run, sequences } = graftLine(text);
    return { afterBlock, run, sequences };
  },
  toLine: ({ afterBlock, run, sequences }) => `${afterBlock}@${run}:${sequences}`,
  claims: ({ afterBlock }, target) => {
    assertBlock(afterBlock, target);
    return [];
  },
});
