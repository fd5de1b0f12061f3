/**
 * The models that every thread of a run's engine builds, in Node and in a browser: what goes to the threads, and how they
 * build them. Browser-safe.
 */
import type { Crew, CrewSettings } from '../../engine/threads/crew.ts';
import { joinEngine, shareEngine, type SharedEngine } from '../../engine/threads/shared-engine.ts';
import {
  type CrewStart,
  oneThread,
  startCrew,
  type StartWorker,
  type Threads,
} from '../../engine/threads/start-crew.ts';
import type { WasmKernels } from '../../engine/wasm.ts';
import { LabError } from '../../errors/lab-error.ts';
import { createEvaluationModels } from '../../evaluate/evaluator.ts';
import type { ModelShape } from '../../model/config.ts';
import type { TrainConfig } from '../../train/config.ts';
import { createTrainingParts } from '../../train/training-parts.ts';
import { mostThreads } from './thread-count.ts';

/** What they are made of; goes to the threads as a message. */
interface SharedModels {
  readonly engine: SharedEngine;
  readonly shape: ModelShape;
  readonly train: TrainConfig;
}

export interface ThreadOptions {
  readonly kernels: WasmKernels;
  readonly kernelModule: WebAssembly.Module;
  readonly shape: ModelShape;
  readonly train: TrainConfig;
  /** Threads in all, the calling one included. */
  readonly threads: number;
  readonly settings?: Partial<CrewSettings> | undefined;
  /** Told why there is no other thread to be had here; it then goes on with one. Without it that is an error. */
  readonly onRefused?: ((reason: string) => void) | undefined;
}

/**
 * Starts the threads of an engine on which `assembleRun` has built its models; with one thread, nothing.
 * @param startForeman starts a foreman whose members serve with `joinModels`
 * @throws {LabError} exit code 64 for a number of threads that cannot be; 70 where they do not start
 */
export async function shareModels(
  options: ThreadOptions,
  startForeman: StartWorker<CrewStart>,
): Promise<Threads> {
  const { kernels, kernelModule, shape, train, threads, settings, onRefused } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > mostThreads) {
    throw new LabError(`threads: expected a whole number from 1 to ${mostThreads}; got ${threads}`);
  }
  if (threads === 1) return oneThread;
  const work: SharedModels = { engine: shareEngine(kernels, kernelModule), shape, train };
  return startCrew({ crew: kernels.crew, threads, work, startForeman, settings, onRefused });
}

/**
 * Builds those of `assembleRun`, in its order: the trainer's, then the evaluator's.
 * @param work what `shareModels` sent
 */
export function joinModels(work: unknown): Crew {
  const { engine, shape, train } = work as SharedModels;
  return joinEngine(engine, (kernels) => {
    const { model, plan } = createTrainingParts(kernels, shape, train);
    createEvaluationModels(kernels, shape, model.parameters, plan.needs);
  });
}
