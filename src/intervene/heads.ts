/** Heads as specs name them: `block:head`, zero-based, or `block:*` for all of a block (docs/specification.md, "Interventions"). */
import { z } from 'zod';
import { LabError } from '../errors/lab-error.ts';
import { printable } from '../formats/data-error.ts';
import type { ModelShape } from '../model/config.ts';

const pattern = /^(\d{1,4}):(\d{1,4}|\*)$/;

export const headSchema = z
  .string()
  .refine(
    (text) => pattern.test(text),
    'expected a head as block:head, such as 0:3, or 0:* for all of a block',
  );

export const headsSchema = z
  .array(headSchema)
  .min(1)
  .describe('heads as block:head, or block:* for all of a block');

/** What `1:3` or `1:*` means in a model. */
export interface BlockHeads {
  readonly block: number;
  readonly heads: readonly number[];
}

/**
 * @param where what to call the intervention in errors
 * @throws LabError where the model has no such head
 */
export function headsOf(text: string, { depth, heads }: ModelShape, where: string): BlockHeads {
  const [, block, head] = pattern.exec(text) ?? [];
  const isThere = Number(block) < depth && (head === '*' || Number(head) < heads);
  if (!isThere) {
    throw new LabError(
      `${where}: no head ${printable(text, 20)}; this model has blocks 0 .. ${depth - 1} with heads 0 .. ${heads - 1}`,
    );
  }
  return {
    block: Number(block),
    heads: head === '*' ? Array.from({ length: heads }, (_, h) => h) : [Number(head)],
  };
}
