/** The models that every thread of a run's engine builds. */
import { createWasmKernels, type WasmKernels } from '../../engine/wasm.ts';
import { createEvaluationModel } from '../../evaluate/evaluator.ts';
import type { ModelShape } from '../../model/config.ts';
import type { TrainConfig } from '../../train/config.ts';
import { createTrainingParts } from '../../train/training-parts.ts';

/** What they are made of; goes to the threads as a message. */
export interface SharedModels {
  readonly kernelModule: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly shape: ModelShape;
  readonly train: TrainConfig;
  /** What the first thread has come to with them: every thread must come to the same. */
  readonly usedBytes: number;
  readonly tasks: number;
}

/**
 * Builds those of `assembleRun`, in its order: the trainer's, then the evaluator's. What constructors write is the same
 * in every thread.
 */
export function joinModels(models: SharedModels): WasmKernels {
  const kernels = createWasmKernels(models.kernelModule, models.memory);
  const { model } = createTrainingParts(kernels, models.shape, models.train);
  createEvaluationModel(kernels, models.shape, model.parameters);
  if (kernels.usedBytes() !== models.usedBytes || kernels.crew.tasks !== models.tasks) {
    throw new Error('it built another model than the first thread');
  }
  return kernels;
}
