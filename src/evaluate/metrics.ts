/** What an evaluation measures, sequence by sequence, and the records a run keeps of it (docs/specification.md, "Evaluators"). */
import { exp, log } from '../engine/elementary.ts';
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
  const target = classes[lane];
  // The context's labels, each once.
  const context: number[] = [];
  for (let slot = 1; slot < slots; slot++) {
    const label = classes[slot * lanes + lane];
    if (!context.some((other) => classes[other * lanes + lane] === label)) context.push(slot);
  }
  const label = (slot: number) => classes[slot * lanes + lane];
  const logit = (slot: number) => logits[slot * lanes + lane];
  const maximum = Math.max(unembedding.maximum[lane], ...context.map(logit));
  const weight = (slot: number) => exp(logit(slot) - maximum);
  const contextWeight = context.reduce((sum, slot) => sum + weight(slot), 0);
  const outsideWeight = unembedding.sum[lane] * exp(unembedding.maximum[lane] - maximum);
  const total = contextWeight + outsideWeight;
  const [best] = context.toSorted((a, b) => logit(b) - logit(a) || label(a) - label(b));
  const outside = unembedding.bestOutside.value[lane];
  const outsideClass = unembedding.bestOutside.label[lane];
  const insideWins = logit(best) > outside || (logit(best) === outside && label(best) < outsideClass);
  const targetInContext = context.some((slot) => label(slot) === target);
  const targetWeight = weight(0);
  return {
    loss: maximum - logit(0) + log(total),
    accuracy: (insideWins ? label(best) : outsideClass) === target ? 1 : 0,
    inContextAccuracy: label(best) === target ? 1 : 0,
    inContextProb: targetInContext ? targetWeight / contextWeight : 0,
    prob: targetWeight / total,
    contextProb: contextWeight / total,
    outOfContextAccuracy: !targetInContext && outsideClass === target ? 1 : 0,
    outOfContextProb: targetInContext ? 0 : targetWeight / outsideWeight,
  };
}
