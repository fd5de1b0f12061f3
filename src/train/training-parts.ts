/**
 * What computes a step: a model, its optimizer, and the update that threads share. Every thread of an engine builds the
 * same (`src/engine/threads/crew.ts`).
 */
import type { Kernels, Task } from '../engine/kernels.ts';
import type { ModelShape } from '../model/config.ts';
import { Transformer } from '../model/transformer.ts';
import { updateShares } from '../model/label-tiles.ts';
import type { TrainConfig } from './config.ts';
import { createOptimizer } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';

export interface TrainingParts {
  readonly model: Transformer;
  readonly optimizer: Optimizer;
  /** Gives the optimizer every gradient of the mean loss of the first so many sequences. */
  readonly update: Task;
}

export function createTrainingParts(kernels: Kernels, shape: ModelShape, config: TrainConfig): TrainingParts {
  const model = new Transformer(shape, kernels, { batchSize: config.batchSize });
  const optimizer = createOptimizer(config, kernels, model.parameters);
  const update = kernels.task(
    (share, shares, [size]) => model.giveGradients(optimizer, size, share, shares),
    updateShares,
  );
  return { model, optimizer, update };
}
