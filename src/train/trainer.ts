/**
 * The training loop, one step at a time: draw sequences, look up features, forward, backward, update. It knows no
 * files and no evaluation; `src/runs` does.
 */
import type { ExemplarNoise } from '../data/exemplar-noise.ts';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { fillFeatures } from '../data/features.ts';
import type { SequenceSampler } from '../data/sampler.ts';
import { createSequenceBatch } from '../data/sequence-batch.ts';
import type { SequenceBatch } from '../data/sequence-batch.ts';
import type { Kernels, Numbers, Task } from '../engine/kernels.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { DonorWeights } from '../intervene/donor.ts';
import { createPass, type Pass } from '../intervene/intervened-pass.ts';
import { loadDonors } from '../intervene/pass-models.ts';
import { graftedWeights } from '../intervene/training-plan.ts';
import type { ModelShape } from '../model/config.ts';
import { loadLabels } from '../model/load-labels.ts';
import { nonFiniteError, nonFiniteStateError } from '../model/non-finite.ts';
import type { Transformer } from '../model/transformer.ts';
import type { TrainConfig } from './config.ts';
import type { Optimizer } from './optimizer.ts';
import { createTrainingParts } from './training-parts.ts';

export interface TrainerOptions {
  readonly kernels: Kernels;
  readonly shape: ModelShape;
  readonly config: TrainConfig;
  readonly source: ExemplarSource;
  readonly sampler: SequenceSampler;
  /** Starting weights by parameter name. */
  readonly weights: ReadonlyMap<string, ArrayLike<number>>;
  /** Weights of the donors that interventions name. */
  readonly donors?: DonorWeights | undefined;
  /** Noise on training exemplars; default none. */
  readonly noise?: ExemplarNoise | undefined;
}

/** A tensor of the training state; `data` is live memory, to be copied before the next step. */
export interface StateTensor {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** Parts of a step, in order; `onPhase` is called as each one ends. */
export type StepPhase = 'sampling' | 'forward' | 'unembedding' | 'backward' | 'update';

export class Trainer {
  readonly model: Transformer;
  /** Called after each phase of a step, for measurement. */
  onPhase: ((phase: StepPhase) => void) | undefined;
  readonly #options: TrainerOptions;
  readonly #pass: Pass;
  readonly #firstTrained: number;
  readonly #optimizer: Optimizer;
  readonly #update: Task;
  readonly #batch: SequenceBatch;
  #step = 0;
  /** The step whose sequences stand ready. */
  #prepared = -1;

  constructor(options: TrainerOptions) {
    const { kernels, shape, config, weights, donors = new Map() } = options;
    this.#options = options;
    const { model, models, plan, optimizer, update } = createTrainingParts(kernels, shape, config);
    model.parameters.load(graftedWeights(shape, config.interventions ?? [], weights, donors));
    loadDonors(models, plan.needs, donors);
    this.#pass = createPass(models, plan);
    this.#firstTrained = plan.firstTrained;
    this.model = model;
    this.#optimizer = optimizer;
    this.#update = update;
    this.#batch = createSequenceBatch(config.batchSize, shape.contextPairs);
  }

  /** Optimizer steps taken. */
  get step(): number {
    return this.#step;
  }

  get sequencesSeen(): number {
    return this.#step * this.model.batchSize;
  }

  /**
   * Takes one step.
   * @returns the mean cross-entropy at the query before the update, in nats, plus what L2 adds.
   * @throws LabError (exit code 70) when the loss or a gradient is not finite: the weights are then as before the step;
   *   or when a weight or the optimizer's state is not finite after it.
   */
  trainStep(): { loss: number } {
    const { model } = this;
    const size = model.batchSize;
    this.#prepare(this.#step);
    loadLabels(model, this.#batch, 0, size);
    this.onPhase?.('sampling');
    this.#pass.forward(() => this.onPhase?.('forward'));
    const crossEntropy = model.unembedding.meanLoss(size);
    this.onPhase?.('unembedding');
    this.#pass.backward(size, this.#firstTrained);
    const where = `train: step ${this.#step + 1} (sequence ${this.sequencesSeen})`;
    const sound = Number.isFinite(crossEntropy) && model.hasFiniteGradients();
    const penalty = this.#optimizer.begin(this.#step + 1);
    if (!sound || !Number.isFinite(penalty)) {
      throw nonFiniteError(model, where, crossEntropy + penalty);
    }
    this.onPhase?.('backward');
    this.#update.besides(() => this.#prepare(this.#step + 1), size);
    if (!this.#optimizer.isSound) throw nonFiniteStateError(this.stateTensors(), where);
    this.#step++;
    this.onPhase?.('update');
    return { loss: crossEntropy + penalty };
  }

  /** Draws the sequences of a step and looks their features up, unless that is done. The labels wait: the update reads them. */
  #prepare(step: number): void {
    if (this.#prepared === step) return;
    const { sampler, source, noise } = this.#options;
    const { input, layout } = this.model;
    sampler.fill(this.#batch, step);
    fillFeatures(source, this.#batch, input.examples, { lanes: layout.lanes, noise });
    this.#prepared = step;
  }

  /** Weights and optimizer state by name, in a fixed order: parameters, then `adam.m.*` and `adam.v.*`. */
  stateTensors(): Map<string, StateTensor> {
    const tensors = new Map<string, StateTensor>();
    for (const { name, shape, data } of this.model.parameters.list) tensors.set(name, { shape, data });
    for (const { name, shape, data } of this.#optimizer.tensors) tensors.set(name, { shape, data });
    return tensors;
  }

  /**
   * Goes on from a saved state.
   * @throws LabError when a tensor is missing, superfluous or of another size; nothing is changed then.
   */
  loadState(tensors: ReadonlyMap<string, { readonly data: ArrayLike<number> }>, step: number): void {
    const own = this.stateTensors();
    for (const [name, { data }] of own) {
      const given = tensors.get(name);
      if (!given)
        throw new LabError(
          `checkpoint: "${name}" is missing; was it saved by another config?`,
          exitCodes.badData,
        );
      if (given.data.length !== data.length) {
        throw new LabError(
          `checkpoint: "${name}": expected ${data.length} numbers; got ${given.data.length}`,
          exitCodes.badData,
        );
      }
    }
    for (const name of tensors.keys()) {
      if (!own.has(name))
        throw new LabError(`checkpoint: "${name}" is not part of this run's state`, exitCodes.badData);
    }
    for (const [name, { data }] of own) data.set(tensors.get(name)!.data);
    this.#step = step;
  }
}
