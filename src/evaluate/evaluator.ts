/** Runs the fixed evaluator sets through a model that shares its weights with the one in training. */
import type { EvaluatorSet } from '../data/evaluator-sets.ts';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { fillFeatures } from '../data/features.ts';
import type { Kernels } from '../engine/kernels.ts';
import type { ModelShape } from '../model/config.ts';
import { loadLabels } from '../model/load-labels.ts';
import { nonFiniteError } from '../model/non-finite.ts';
import type { ParameterSet } from '../model/parameter-set.ts';
import { Transformer } from '../model/transformer.ts';
import { laneMetrics, metricNames } from './metrics.ts';
import type { EvaluationRecord, MetricName } from './metrics.ts';

/** Sequences per forward pass: few enough that activations stay in the cache. */
const batchSize = 32;

export interface EvaluatorOptions {
  readonly kernels: Kernels;
  readonly shape: ModelShape;
  /** The weights to evaluate; read at every evaluation. */
  readonly parameters: ParameterSet;
  readonly source: ExemplarSource;
  readonly sets: readonly EvaluatorSet[];
}

/** One evaluator's result: the record with the means, and every metric of every sequence. */
export interface Evaluation {
  readonly record: EvaluationRecord;
  readonly perSequence: Readonly<Record<MetricName, Float64Array>>;
}

/** The model that evaluates. Every thread of an engine builds the same (`src/engine/threads/crew.ts`). */
export function createEvaluationModel(
  kernels: Kernels,
  shape: ModelShape,
  parameters: ParameterSet,
): Transformer {
  return new Transformer(shape, kernels, {
    batchSize,
    training: false,
    extraLogits: shape.contextPairs,
    parameters,
  });
}

export class Evaluator {
  readonly #options: EvaluatorOptions;
  readonly #model: Transformer;

  constructor(options: EvaluatorOptions) {
    const { shape, kernels, parameters } = options;
    this.#options = options;
    this.#model = createEvaluationModel(kernels, shape, parameters);
  }

  /**
   * Evaluates every set in turn. Yields undefined after every batch, so that the caller can let others run, and an
   * evaluation as each set ends.
   * @param sequences training sequences seen; only recorded, as is the next
   * @param step optimizer steps taken
   * @throws LabError (exit code 70) when a loss is not finite; nothing of that set is yielded then.
   */
  *evaluate(sequences: number, step: number): Generator<Evaluation | undefined, void> {
    for (const set of this.#options.sets) {
      const { size } = set.sequences;
      const perSequence = Object.fromEntries(
        metricNames.map((name) => [name, new Float64Array(size)]),
      ) as Record<MetricName, Float64Array>;
      for (let first = 0; first < size; first += batchSize) {
        const count = Math.min(batchSize, size - first);
        this.#evaluateBatch(set, first, count, perSequence);
        const loss = perSequence.loss.subarray(first, first + count).find((value) => !Number.isFinite(value));
        if (loss !== undefined) {
          const where = `evaluate: ${set.definition.name} after step ${step} (sequence ${sequences})`;
          throw nonFiniteError(this.#model, where, loss);
        }
        yield undefined;
      }
      const means = Object.fromEntries(
        metricNames.map((name) => [name, perSequence[name].reduce((sum, value) => sum + value, 0) / size]),
      ) as Record<MetricName, number>;
      yield {
        record: { kind: 'evaluation', sequences, step, evaluator: set.definition.name, n: size, ...means },
        perSequence,
      };
    }
  }

  #evaluateBatch(
    set: EvaluatorSet,
    first: number,
    count: number,
    out: Record<MetricName, Float64Array>,
  ): void {
    const model = this.#model;
    const { lanes } = model.layout;
    fillFeatures(this.#options.source, set.sequences, model.input.examples, { first, count, lanes });
    loadLabels(model, set.sequences, first, count);
    model.unembedding.wanted.classes.set(model.input.contextLabels, lanes);
    model.forward();
    for (let lane = 0; lane < count; lane++) {
      const metrics = laneMetrics(model.unembedding, lane, lanes);
      for (const name of metricNames) out[name][first + lane] = metrics[name];
    }
  }
}
