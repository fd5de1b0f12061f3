/** Runs the fixed evaluator sets through a model that shares its weights with the one in training. */
import type { EvaluatorSet } from '../data/evaluator-sets.ts';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { fillFeatures } from '../data/features.ts';
import type { Kernels } from '../engine/kernels.ts';
import type { DonorWeights } from '../intervene/donor.ts';
import { createPass, type Pass } from '../intervene/intervened-pass.ts';
import type { AnyIntervention } from '../intervene/intervention.ts';
import { createPassModels, loadDonors, type PassModels } from '../intervene/pass-models.ts';
import { joinedNeeds, type PassNeeds, planInterventions } from '../intervene/plan.ts';
import type { ModelShape } from '../model/config.ts';
import { loadLabels } from '../model/load-labels.ts';
import { nonFiniteError } from '../model/non-finite.ts';
import type { ParameterSet } from '../model/parameter-set.ts';
import type { Transformer } from '../model/transformer.ts';
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
  /** What is done to activations while it evaluates; default nothing. */
  readonly interventions?: readonly AnyIntervention[] | undefined;
  /** Other lists that `intervene` will ask for: the models are built for them too. */
  readonly later?: readonly (readonly AnyIntervention[])[] | undefined;
  /** How many of these, from the first, the weights were trained with (`planInterventions`). */
  readonly trained?: number;
  /** Weights of the donors that interventions name. */
  readonly donors?: DonorWeights | undefined;
}

/** One evaluator's result: the record with the means, and every metric of every sequence. */
export interface Evaluation {
  readonly record: EvaluationRecord;
  readonly perSequence: Readonly<Record<MetricName, Float64Array>>;
}

/** What an evaluator's models are built for. @throws LabError exit code 64 for interventions that cannot be */
export function evaluationNeeds({
  shape,
  interventions = [],
  later = [],
  trained,
}: Pick<EvaluatorOptions, 'shape' | 'interventions' | 'later' | 'trained'>): PassNeeds {
  const lists = [interventions, ...later];
  return joinedNeeds(lists.map((specs) => planInterventions(shape, specs, trained).needs));
}

/** The models that evaluate. Every thread of an engine builds the same (`src/engine/threads/crew.ts`). */
export function createEvaluationModels(
  kernels: Kernels,
  shape: ModelShape,
  parameters: ParameterSet,
  needs: PassNeeds,
): PassModels {
  return createPassModels(kernels, shape, needs, {
    batchSize,
    training: false,
    extraLogits: shape.contextPairs,
    parameters,
  });
}

export class Evaluator {
  readonly #options: EvaluatorOptions;
  readonly #model: Transformer;
  readonly #models: PassModels;
  #pass: Pass;

  /** @throws LabError exit code 64 for interventions that cannot be, or donors that were not given */
  constructor(options: EvaluatorOptions) {
    const { shape, kernels, parameters, interventions = [], donors = new Map() } = options;
    this.#options = options;
    const needs = evaluationNeeds(options);
    this.#models = createEvaluationModels(kernels, shape, parameters, needs);
    loadDonors(this.#models, needs, donors);
    this.#model = this.#models.model;
    this.#pass = this.#passUnder(interventions);
  }

  /**
   * From now on evaluates under these, which are among those it was built for: nothing is built anew.
   * @throws LabError exit code 64 for interventions that cannot be
   */
  intervene(interventions: readonly AnyIntervention[]): void {
    this.#pass = this.#passUnder(interventions);
  }

  #passUnder(interventions: readonly AnyIntervention[]): Pass {
    const { shape, trained } = this.#options;
    return createPass(this.#models, planInterventions(shape, interventions, trained));
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
    this.#pass.forward();
    for (let lane = 0; lane < count; lane++) {
      const metrics = laneMetrics(model.unembedding, lane, lanes);
      for (const name of metricNames) out[name][first + lane] = metrics[name];
    }
  }
}
