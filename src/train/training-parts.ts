/**
 * What computes a step: a model, its optimizer, and the update that threads share. Every thread of an engine builds the
 * same (`src/engine/threads/crew.ts`).
 */
import type { Kernels, Task } from '../engine/kernels.ts';
import type { ModelShape } from '../model/config.ts';
import { createPassModels, type PassModels } from '../intervene/pass-models.ts';
import { planTraining, type TrainingPlan } from '../intervene/training-plan.ts';
import type { Transformer } from '../model/transformer.ts';
import { updateShares } from '../model/label-tiles.ts';
import type { TrainConfig } from './config.ts';
import { createOptimizer } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';

export interface TrainingParts {
  readonly models: PassModels;
  readonly plan: TrainingPlan;
  readonly model: Transformer;
  readonly optimizer: Optimizer;
  /** Gives the optimizer every gradient of the mean loss of the first so many sequences. */
  readonly update: Task;
}

/** @throws LabError exit code 64 for interventions that cannot be */
export function createTrainingParts(kernels: Kernels, shape: ModelShape, config: TrainConfig): TrainingParts {
  const plan = planTraining(shape, config.interventions);
  const models = createPassModels(kernels, shape, plan.needs, { batchSize: config.batchSize });
  const { model } = models;
  const optimizer = createOptimizer(config, kernels, model.parameters, plan.frozen);
  const update = kernels.task(
    (share, shares, [size]) => model.giveGradients(optimizer, size, share, shares),
    updateShares,
  );
  return { models, plan, model, optimizer, update };
}
