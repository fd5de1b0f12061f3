/** The evaluators' fixed sequences: drawn once from the eval seed, the same for every checkpoint and run. */
import { type EvaluatorDefinition, evaluatorDefinitions } from './evaluators.ts';
import type { ResolvedData } from './resolved-data.ts';
import { SequenceSampler } from './sampler.ts';
import { createSequenceBatch, type SequenceBatch } from './sequence-batch.ts';

export interface EvaluatorSet {
  readonly definition: EvaluatorDefinition;
  /** All sequences of the set. Look their features up without noise. */
  readonly sequences: SequenceBatch;
  /** What guessing reaches in `definition.chanceMetric`: see `chanceLevel`. */
  readonly chance: number;
}

/**
 * Draws every evaluator's sequences. A larger set begins with the sequences of a smaller one.
 * @param sequencesPerEvaluator 1 or more (the paper: 5,000 for 2 pairs, 1,000 for 8)
 * @throws {LabError} when the run has too few classes for an evaluator.
 */
export function drawEvaluatorSets(
  data: ResolvedData,
  evalSeed: number,
  sequencesPerEvaluator: number,
): EvaluatorSet[] {
  return evaluatorDefinitions(data).map((definition) => {
    const sequences = drawEvaluatorSequences(definition, evalSeed, sequencesPerEvaluator);
    return { definition, sequences, chance: chanceLevel(definition, sequences) };
  });
}

/** The first `count` sequences of one evaluator. */
export function drawEvaluatorSequences(
  definition: EvaluatorDefinition,
  evalSeed: number,
  count: number,
): SequenceBatch {
  const sampler = new SequenceSampler({
    contextPairs: definition.contextPairs,
    classes: definition.classes,
    exemplars: definition.exemplars,
    labels: definition.labels,
    components: [{ probability: 1, distribution: definition.distribution }],
    seed: evalSeed,
    stream: definition.stream,
  });
  const sequences = createSequenceBatch(count, definition.contextPairs);
  sampler.fillFrom(sequences, 0);
  return sequences;
}

/**
 * Mean accuracy of guessing uniformly among the labels a metric considers: all of the model's for `accuracy`, those
 * present in each context for `inContextAccuracy`.
 */
export function chanceLevel(
  { chanceMetric, labels }: Pick<EvaluatorDefinition, 'chanceMetric' | 'labels'>,
  sequences: SequenceBatch,
): number {
  if (chanceMetric === 'accuracy') return 1 / labels;
  const { size, contextPairs } = sequences;
  let sum = 0;
  for (let sequence = 0; sequence < size; sequence++) {
    const at = sequence * (contextPairs + 1);
    const present = new Set(sequences.labels.subarray(at, at + contextPairs));
    if (present.has(sequences.labels[at + contextPairs])) sum += 1 / present.size;
  }
  return sum / size;
}
