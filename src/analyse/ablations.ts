/**
 * What is left of the model without some of its paths (sections 4.1 and 4.2, appendix C.1): in-context accuracy with the
 * heads of all blocks but the last ablated, while the last block's queries, keys or values stay those of a clean pass or
 * not; without any head; and without what tokens carry past the heads.
 */
import type { EvaluatorName } from '../data/evaluators.ts';
import type { Intervention } from '../intervene/intervention.ts';
import type { ModelShape } from '../model/config.ts';
import type { Analysis } from './analysis.ts';
import type { Probe } from './probe.ts';

export const ablationNames = [
  'whole',
  'outputs',
  'outputsAndQueries',
  'outputsAndKeys',
  'outputsAndValues',
  'earlierHeads',
  'allHeads',
  'directPath',
] as const;

export type AblationName = (typeof ablationNames)[number];

const evaluators = ['train', 'ciwl', 'flip', 'iwl'] as const satisfies readonly EvaluatorName[];

export type AblationEvaluator = (typeof evaluators)[number];

export interface AblationTable {
  /** In-context accuracy. */
  readonly accuracies: Readonly<Record<AblationName, Readonly<Record<AblationEvaluator, number>>>>;
  /** In each evaluator's set. */
  readonly sequences: number;
}

/** What is done to the model under a name; nothing for `whole`. */
export function ablation({ depth }: ModelShape, name: AblationName): Intervention[] {
  const blocks = (count: number) => Array.from({ length: count }, (_, block) => `${block}:*`);
  const earlier: Intervention[] = depth > 1 ? [{ kind: 'ablateHeads', heads: blocks(depth - 1) }] : [];
  switch (name) {
    case 'whole':
      return [];
    case 'outputs':
      return [...earlier, { kind: 'preserve', sites: ['queries', 'keys', 'values'] }];
    case 'outputsAndQueries':
      return [...earlier, { kind: 'preserve', sites: ['keys', 'values'] }];
    case 'outputsAndKeys':
      return [...earlier, { kind: 'preserve', sites: ['queries', 'values'] }];
    case 'outputsAndValues':
      return [...earlier, { kind: 'preserve', sites: ['queries', 'keys'] }];
    case 'earlierHeads':
      return earlier;
    case 'allHeads':
      return [{ kind: 'ablateHeads', heads: blocks(depth) }];
    case 'directPath':
      return [
        { kind: 'ablateEmbedding', part: 'token' },
        { kind: 'preserve', sites: ['patterns', 'values'] },
      ];
  }
}

export const ablationsAnalysis: Analysis<AblationTable> = Object.freeze({
  name: 'ablations',
  version: 1,
  settings: { evaluators },
  *measure(probe: Probe) {
    const rows: [AblationName, Record<AblationEvaluator, number>][] = [];
    for (const name of ablationNames) {
      const row: [AblationEvaluator, number][] = [];
      for (const evaluator of evaluators) {
        const specs = ablation(probe.shape, name);
        row.push([evaluator, yield* probe.evaluate(probe.set(evaluator), 'inContextAccuracy', specs)]);
      }
      rows.push([name, Object.fromEntries(row) as Record<AblationEvaluator, number>]);
    }
    const accuracies = Object.fromEntries(rows) as AblationTable['accuracies'];
    return { accuracies, sequences: probe.set('train').sequences.size };
  },
});
