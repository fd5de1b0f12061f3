/** What figures read off tables of attention: a query's row, what label tokens look at, strengths over training. Pure. */
import type { EvaluatorName } from '../data/evaluators.ts';
import type { Curve } from '../evaluate/curve.ts';
import type { AttentionGroup, AttentionTable } from './attention.ts';
import { labelToken } from './correct-pair.ts';

/** A table and the moment of training it is of. */
interface Moment {
  readonly sequences: number;
  readonly table: AttentionTable;
}

/** Mean attention of one head from one token to another in one group. */
export function attentionAt(
  { heads, tokens }: Pick<AttentionTable, 'heads' | 'tokens'>,
  { mean }: Pick<AttentionGroup, 'mean'>,
  block: number,
  head: number,
  query: number,
  key: number,
): number {
  return mean[((block * heads + head) * tokens + query) * tokens + key];
}

/**
 * The query's mean attention `[head][token]` over an evaluator's sequences whose correct label first stands in one pair;
 * undefined where there are none.
 */
export function queryAttention(
  table: AttentionTable,
  evaluator: EvaluatorName,
  block: number,
  correctPair: number,
): number[][] | undefined {
  const group = table.groups.find((each) => each.evaluator === evaluator && each.correctPair === correctPair);
  if (!group) return undefined;
  const last = table.tokens - 1;
  return Array.from({ length: table.heads }, (_, head) =>
    Array.from({ length: table.tokens }, (__, key) => attentionAt(table, group, block, head, last, key)),
  );
}

/** What a label token looks at: the exemplar before it, or itself. */
export type LabelTarget = 'previous' | 'self';

/**
 * Attention of one head from label tokens to their target: the mean over the labels and, each counted alike, over the
 * places of the correct label (figure 14). NaN where the evaluator was not measured.
 */
export function labelAttention(
  table: AttentionTable,
  evaluator: EvaluatorName,
  block: number,
  head: number,
  target: LabelTarget,
): number {
  const groups = table.groups.filter((group) => group.evaluator === evaluator);
  const pairs = Array.from({ length: (table.tokens - 1) / 2 }, (_, pair) => pair);
  const values = groups.flatMap((group) =>
    pairs.map((pair) => {
      const label = labelToken(pair);
      return attentionAt(table, group, block, head, label, target === 'self' ? label : label - 1);
    }),
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The same over training, one curve per head. */
export function labelAttentionCurves(
  moments: readonly Moment[],
  evaluator: EvaluatorName,
  block: number,
  target: LabelTarget,
): Curve[] {
  return perHead(moments, (table, head) => labelAttention(table, evaluator, block, head, target));
}

/** Mean induction strength over training, one curve per head of a block. */
export function strengthCurves(moments: readonly Moment[], evaluator: EvaluatorName, block: number): Curve[] {
  return perHead(
    moments,
    ({ strengths }, head) =>
      strengths.find((each) => each.evaluator === evaluator && each.block === block && each.head === head)
        ?.mean ?? Number.NaN,
  );
}

function perHead(
  moments: readonly Moment[],
  value: (table: AttentionTable, head: number) => number,
): Curve[] {
  const heads = moments[0]?.table.heads ?? 0;
  return Array.from({ length: heads }, (_, head) =>
    moments.flatMap(({ sequences, table }) => {
      const found = value(table, head);
      return Number.isNaN(found) ? [] : [{ sequences, value: found }];
    }),
  );
}
