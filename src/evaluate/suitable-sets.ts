/** Evaluators that mean something under interventions: some kinds are defined for sequences of one sort only. */
import type { EvaluatorSet } from '../data/evaluator-sets.ts';
import type { SequenceBatch } from '../data/sequence-batch.ts';
import type { AnyIntervention } from '../intervene/intervention.ts';

export interface SuitableSets {
  readonly sets: readonly EvaluatorSet[];
  /** Names of those that cannot be evaluated: `inductionHeads` needs the query's label in the context, once. */
  readonly leftOut: readonly string[];
}

export function suitableSets(
  sets: readonly EvaluatorSet[],
  interventions: readonly AnyIntervention[] = [],
): SuitableSets {
  if (!interventions.some(({ kind }) => kind === 'inductionHeads')) return { sets, leftOut: [] };
  const suitable = sets.filter(({ sequences }) => hasOneMatchEach(sequences));
  const leftOut = sets.filter((set) => !suitable.includes(set)).map(({ definition }) => definition.name);
  return { sets: suitable, leftOut };
}

function hasOneMatchEach({ size, contextPairs, labels }: SequenceBatch): boolean {
  for (let sequence = 0; sequence < size; sequence++) {
    const at = sequence * (contextPairs + 1);
    const context = labels.subarray(at, at + contextPairs);
    if (context.filter((label) => label === labels[at + contextPairs]).length !== 1) return false;
  }
  return true;
}

/** What is said of evaluators that are left out. */
export function leftOutWarning(names: readonly string[]): string {
  return `evaluate: ${names.join(', ')} left out: inductionHeads needs the query's label in the context, exactly once`;
}
