/**
 * Half of the model as another moment of its training has it (figures 3b, 3c): in-context accuracy with the donor's
 * embeddings and first block, or with its second block, final norm and unembedding. A graft is other weights in those
 * parts (`graftIn`, `graftOut`), so no pass but a clean one is needed.
 */
import type { EvaluatorName } from '../data/evaluators.ts';
import { graftedParts } from '../intervene/plan.ts';
import { partOf } from '../intervene/pass-models.ts';
import type { Analysis } from './analysis.ts';
import type { Probe } from './probe.ts';

export const graftEvaluators = ['train', 'icl', 'ciwl', 'flip'] as const satisfies readonly EvaluatorName[];

export type GraftEvaluator = (typeof graftEvaluators)[number];

export type GraftTable = Readonly<Record<GraftEvaluator, number>>;

export interface GraftDonor {
  /** `in`: embeddings and block 0 are the donor's; `out`: everything behind block 0. */
  readonly direction: 'in' | 'out';
  readonly weights: ReadonlyMap<string, ArrayLike<number>>;
  /** Of the weights (`kept-weights.ts`). */
  readonly hash: string;
}

export function graftAnalysis({ direction, weights, hash }: GraftDonor): Analysis<GraftTable> {
  return {
    name: 'graft',
    version: 1,
    settings: { direction, block: 0, donor: hash },
    *measure(probe: Probe) {
      const { shape, model } = probe;
      const donor = { run: '', sequences: 0 };
      const { from, to } = graftedParts(
        shape,
        direction === 'in'
          ? { kind: 'graftIn', throughBlock: 0, ...donor }
          : { kind: 'graftOut', afterBlock: 0, ...donor },
      );
      const own = model.parameters.list.map(({ name, data }) => [name, data.slice()] as const);
      const isDonors = (name: string) => partOf(shape, name) >= from && partOf(shape, name) <= to;
      probe.load(
        new Map(own.map(([name, data]) => [name, isDonors(name) ? (weights.get(name) ?? []) : data])),
      );
      try {
        const row: [GraftEvaluator, number][] = [];
        for (const name of graftEvaluators)
          row.push([name, yield* probe.evaluate(probe.set(name), 'inContextAccuracy', [])]);
        return Object.fromEntries(row) as Record<GraftEvaluator, number>;
      } finally {
        probe.load(new Map(own));
      }
    },
  };
}
