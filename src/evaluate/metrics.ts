/** What an evaluation measures, sequence by sequence, and the records a run keeps of it (SPEC.md, "Evaluators"). */
import { exp } from '../engine/elementary.ts';
import type { Unembedding } from '../model/unembedding.ts';

/** Means over the set in a record; one number per sequence on request. */
export const metricNames = [
  'loss',
  'accuracy',
  'inContextAccuracy',
  'inContextProb',
  'prob',
  'contextProb',
  'outOfContextAccuracy',
  'outOfContextProb',
] as const;

export type MetricName = (typeof metricNames)[number];

export type Metrics = Readonly<Record<MetricName, number>>;

/** Means of one evaluator's set at one moment of training. */
export interface EvaluationRecord extends Metrics {
  readonly kind: 'evaluation';
  /** Sequences seen before the evaluation. */
  readonly sequences: number;
  /** Optimizer steps taken before the evaluation. */
  readonly step: number;
  readonly evaluator: string;
  /** Sequences in the evaluator's set. */
  readonly n: number;
}

/** Mean training loss since the record before. */
export interface TrainRecord {
  readonly kind: 'train';
  readonly sequences: number;
  readonly step: number;
  readonly loss: number;
}

export type MetricsRecord = EvaluationRecord | TrainRecord;

/**
 * The metrics of one lane after a pass over the labels that wanted the target's logit and the context labels'.
 * `loss` in nats; accuracies 0 or 1 (of equal logits the lower label wins); in-context metrics restrict the softmax to
 * the labels present in the context and are 0 where the correct one is not among them, out-of-context ones the reverse.
 */
export function laneMetrics(unembedding: Unembedding, lane: number, lanes: number): Metrics {
  const { slots, classes, logits } = unembedding.wanted;
  const maximum = unembedding.maximum[lane];
  const sum = unembedding.sum[lane];
  const target = classes[lane];
  const weight = (slot: number) => exp(logits[slot * lanes + lane] - maximum);
  let contextWeight = 0;
  let best = -1;
  let targetInContext = false;
  for (let slot = 1; slot < slots; slot++) {
    const label = classes[slot * lanes + lane];
    let seen = false;
    for (let earlier = 1; earlier < slot && !seen; earlier++)
      seen = classes[earlier * lanes + lane] === label;
    if (seen) continue;
    contextWeight += weight(slot);
    targetInContext ||= label === target;
    const logit = logits[slot * lanes + lane];
    const bestLogit = best < 0 ? -Infinity : logits[best * lanes + lane];
    if (logit > bestLogit || (logit === bestLogit && label < classes[best * lanes + lane])) best = slot;
  }
  const outside = unembedding.bestOutside[lane];
  const outsideClass = unembedding.bestOutsideClass[lane];
  const inside = best < 0 ? -Infinity : logits[best * lanes + lane];
  const insideClass = best < 0 ? -1 : classes[best * lanes + lane];
  const insideWins = inside > outside || (inside === outside && insideClass < outsideClass);
  const targetWeight = weight(0);
  const outsideWeight = sum - contextWeight;
  return {
    loss: unembedding.negativeLogProbability(0, lane),
    accuracy: (insideWins ? insideClass : outsideClass) === target ? 1 : 0,
    inContextAccuracy: insideClass === target ? 1 : 0,
    inContextProb: targetInContext ? targetWeight / contextWeight : 0,
    prob: targetWeight / sum,
    contextProb: contextWeight / sum,
    outOfContextAccuracy: !targetInContext && outsideClass === target ? 1 : 0,
    outOfContextProb: !targetInContext && outsideWeight > 0 ? Math.min(1, targetWeight / outsideWeight) : 0,
  };
}
