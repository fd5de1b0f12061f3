/**
 * A model to look into, beside the evaluators' sequences: weights go in, clean forward passes over a set come out. The
 * pass over the labels is left out, for what analyses read lies before it.
 */
import type { EvaluatorSet } from '../data/evaluator-sets.ts';
import type { EvaluatorName } from '../data/evaluators.ts';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { fillFeatures } from '../data/features.ts';
import type { Kernels, Numbers } from '../engine/kernels.ts';
import type { ModelShape } from '../model/config.ts';
import { loadLabels } from '../model/load-labels.ts';
import { Transformer } from '../model/transformer.ts';

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

/** The model of a probe, with every place of every block. Every thread of an engine builds the same. */
export function createProbeModel(kernels: Kernels, shape: ModelShape): Transformer {
  return new Transformer(shape, kernels, { batchSize, training: false, allPlaces: true });
}

export class Probe {
  readonly model: Transformer;
  readonly shape: ModelShape;
  readonly sets: readonly EvaluatorSet[];
  readonly #source: ExemplarSource;

  constructor({ kernels, shape, source, sets }: ProbeOptions) {
    this.model = createProbeModel(kernels, shape);
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
    const { model } = this;
    const { lanes } = model.layout;
    fillFeatures(this.#source, set.sequences, model.input.examples, { first, count, lanes });
    loadLabels(model, set.sequences, first, count);
    return model.forwardBody();
  }
}
