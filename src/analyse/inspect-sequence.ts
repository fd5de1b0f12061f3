/** One sequence looked into: what stands at each token, where every head looks, and what the model answers. */
import { type ExampleSequence, exampleSequences } from '../data/describe-sequences.ts';
import type { EvaluatorSet } from '../data/evaluator-sets.ts';
import type { EvaluatorName } from '../data/evaluators.ts';
import { createSequenceBatch, type SequenceBatch } from '../data/sequence-batch.ts';
import { exp } from '../engine/elementary.ts';
import type { Numbers } from '../engine/kernels.ts';
import type { Probe } from './probe.ts';

/** What the model says at the query. */
export interface Answer {
  /** The most probable of all labels, and of those in the context. */
  readonly label: number;
  readonly inContextLabel: number;
  readonly correctLabel: number;
  /** Of the correct label among all. */
  readonly prob: number;
  /** Of the correct label among those in the context; 0 where it is not there. */
  readonly inContextProb: number;
}

export interface InspectedSequence {
  readonly evaluator: EvaluatorName;
  /** Its number in the evaluator's set. */
  readonly number: number;
  /** `x1`, `l1`, ..., `xq`: exemplars, labels, the query. */
  readonly tokens: readonly string[];
  readonly sequence: ExampleSequence;
  /** Attention `[block][head][query][key]`; keys up to the query. */
  readonly patterns: readonly (readonly (readonly (readonly number[])[])[])[];
  readonly answer: Answer;
}

/** Names of the tokens of a sequence with so many pairs. */
export function tokenNames(contextPairs: number): string[] {
  const pairs = Array.from({ length: contextPairs }, (_, pair) => [`x${pair + 1}`, `l${pair + 1}`]);
  return [...pairs.flat(), 'xq'];
}

/** @param number of the sequence within the set */
export function inspectSequence(probe: Probe, set: EvaluatorSet, number: number): InspectedSequence {
  const hidden = probe.run(set, number, 1);
  const { model } = probe;
  const { lanes, tokens } = model.layout;
  const patterns = model.blocks.map(({ attention: { pattern, shape } }) =>
    Array.from({ length: shape.heads }, (_, head) =>
      Array.from({ length: tokens }, (__, query) =>
        Array.from(
          { length: query + 1 },
          (___, key) => pattern[((head * tokens + query) * tokens + key) * lanes],
        ),
      ),
    ),
  );
  const alone = oneOf(set.sequences, number);
  const [sequence] = exampleSequences(alone);
  const { contextPairs } = alone;
  return {
    evaluator: set.definition.name,
    number,
    tokens: tokenNames(contextPairs),
    sequence,
    patterns,
    answer: answerOf(logits(probe, hidden), alone),
  };
}

function oneOf(batch: SequenceBatch, sequence: number): SequenceBatch {
  const alone = createSequenceBatch(1, batch.contextPairs);
  const cells = batch.contextPairs + 1;
  for (const field of ['classes', 'exemplars', 'labels', 'kinds'] as const)
    alone[field].set(batch[field].subarray(sequence * cells, (sequence + 1) * cells));
  return alone;
}

/** Over all labels, of the first lane. */
function logits({ model, shape: { dModel, labels } }: Probe, hidden: Numbers): Float64Array {
  const { width, queryColumn } = model.layout;
  const weight = model.parameters.get('unembed.weight').data;
  const bias = model.parameters.get('unembed.bias').data;
  return Float64Array.from({ length: labels }, (_, label) => {
    let sum = bias[label];
    for (let d = 0; d < dModel; d++) sum += weight[label * dModel + d] * hidden[d * width + queryColumn];
    return sum;
  });
}

function answerOf(all: Float64Array, { labels, contextPairs }: SequenceBatch): Answer {
  const correctLabel = labels[contextPairs];
  const context = [...new Set(labels.subarray(0, contextPairs))];
  // Of equal logits the lower label wins, as in evaluation.
  const best = (candidates: Iterable<number>) =>
    [...candidates].reduce((a, b) => (all[b] > all[a] || (all[b] === all[a] && b < a) ? b : a));
  const label = best(all.keys());
  const weight = (candidate: number) => exp(all[candidate] - all[label]);
  const total = (candidates: Iterable<number>) => {
    let sum = 0;
    for (const candidate of candidates) sum += weight(candidate);
    return sum;
  };
  const inContext = total(context);
  return {
    label,
    inContextLabel: best(context),
    correctLabel,
    prob: weight(correctLabel) / total(all.keys()),
    inContextProb: context.includes(correctLabel) && inContext > 0 ? weight(correctLabel) / inContext : 0,
  };
}
