/**
 * A model to look into, beside the evaluators' sequences: weights go in, forward passes over a set come out. Clean
 * ones leave out the pass over the labels, for what analyses read lies before it; those with interventions at work give
 * means of metrics.
 */
import type { EvaluatorSet } from '../data/evaluator-sets.ts';
import type { EvaluatorName } from '../data/evaluators.ts';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { fillFeatures } from '../data/features.ts';
import type { Kernels, Numbers } from '../engine/kernels.ts';
import { laneMetrics, type MetricName } from '../evaluate/metrics.ts';
import { createPass } from '../intervene/intervened-pass.ts';
import type { Intervention } from '../intervene/intervention.ts';
import { createPassModels, type PassModels } from '../intervene/pass-models.ts';
import { noNeeds, planInterventions } from '../intervene/plan.ts';
import type { ModelShape } from '../model/config.ts';
import { loadLabels } from '../model/load-labels.ts';
import type { Transformer } from '../model/transformer.ts';

/** Sequences per forward pass; decides no number, for sequences do not meet. */
const batchSize = 64;

export interface ProbeOptions {
  readonly kernels: Kernels;
  readonly shape: ModelShape;
  readonly source: ExemplarSource;
  readonly sets: readonly EvaluatorSet[];
}

/** One forward pass that has just been made: sequences `first .. first + count` stand in lanes 0 .. count - 1. */
export interface Pass {
  readonly set: EvaluatorSet;
  readonly first: number;
  readonly count: number;
}

/**
 * The models of a probe, with every place of every block and a clean pass for interventions that need one. Every thread
 * of an engine builds the same.
 */
export function createProbeModels(kernels: Kernels, shape: ModelShape): PassModels {
  const needs = { ...noNeeds, allPlaces: true, clean: true };
  return createPassModels(kernels, shape, needs, {
    batchSize,
    training: false,
    extraLogits: shape.contextPairs,
  });
}

export class Probe {
  readonly model: Transformer;
  readonly shape: ModelShape;
  readonly sets: readonly EvaluatorSet[];
  readonly #source: ExemplarSource;
  readonly #models: PassModels;

  constructor({ kernels, shape, source, sets }: ProbeOptions) {
    this.#models = createProbeModels(kernels, shape);
    this.model = this.#models.model;
    this.shape = shape;
    this.sets = sets;
    this.#source = source;
  }

  /** @throws {LabError} exit code 65 for weights of another model */
  load(weights: ReadonlyMap<string, ArrayLike<number>>): void {
    this.model.parameters.load(weights);
  }

  /** The set of an evaluator. @throws {Error} where the data have no such evaluator */
  set(evaluator: EvaluatorName): EvaluatorSet {
    const found = this.sets.find(({ definition }) => definition.name === evaluator);
    if (!found) throw new Error(`probe: these data have no evaluator "${evaluator}"`);
    return found;
  }

  /** Runs the sequences of a set through the model, in order; each pass is to be read before the next. */
  *passes(set: EvaluatorSet): Generator<Pass, void, void> {
    for (let first = 0; first < set.sequences.size; first += batchSize) {
      const count = Math.min(batchSize, set.sequences.size - first);
      this.run(set, first, count);
      yield { set, first, count };
    }
  }

  /**
   * One forward pass over at most 64 sequences of a set, from `first` on.
   * @returns the final hidden state `[dModel, width]`
   */
  run(set: EvaluatorSet, first: number, count: number): Numbers {
    this.#fill(set, first, count);
    return this.model.forwardBody();
  }

  #fill(set: EvaluatorSet, first: number, count: number): void {
    const { model } = this;
    const { lanes } = model.layout;
    fillFeatures(this.#source, set.sequences, model.input.examples, { first, count, lanes });
    loadLabels(model, set.sequences, first, count);
  }

  /**
   * Mean of a metric over a set, with interventions at work; grafts need an `Evaluator`.
   * @throws {LabError} exit code 64 for interventions that the model cannot have
   */
  *evaluate(
    set: EvaluatorSet,
    metric: MetricName,
    interventions: readonly Intervention[],
  ): Generator<undefined, number, void> {
    const { model } = this;
    const { lanes } = model.layout;
    const pass = createPass(this.#models, planInterventions(this.shape, interventions));
    let sum = 0;
    try {
      for (let first = 0; first < set.sequences.size; first += batchSize) {
        const count = Math.min(batchSize, set.sequences.size - first);
        this.#fill(set, first, count);
        model.unembedding.wanted.classes.set(model.input.contextLabels, lanes);
        pass.forward();
        for (let lane = 0; lane < count; lane++) sum += laneMetrics(model.unembedding, lane, lanes)[metric];
        yield undefined;
      }
    } finally {
      createPass(this.#models, planInterventions(this.shape, []));
    }
    return sum / set.sequences.size;
  }
}
