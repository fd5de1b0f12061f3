/** From a config and an engine to everything that runs: source, trainer, evaluator. Browser-safe: no file is touched. */
import { drawEvaluatorSets } from '../data/evaluator-sets.ts';
import type { EvaluatorSet } from '../data/evaluator-sets.ts';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { type OpenFeatures, openSource } from '../data/open-source.ts';
import { resolveData } from '../data/resolved-data.ts';
import type { ResolvedData } from '../data/resolved-data.ts';
import { createTrainingNoise, createTrainingSampler } from '../data/training-data.ts';
import { createWasmKernels, type WasmKernels } from '../engine/wasm.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import { suitableSets } from '../evaluate/suitable-sets.ts';
import type { DonorWeights } from '../intervene/donor.ts';
import type { ModelShape } from '../model/config.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { Trainer } from '../train/trainer.ts';
import type { RunConfig } from './config.ts';
import { assertEngineMemory } from './engine-memory.ts';
import { modelShape } from './model-shape.ts';

export { modelShape } from './model-shape.ts';

/** A run's parts, joined and ready for the first step. */
export interface AssembledRun {
  readonly kernels: WasmKernels;
  readonly source: ExemplarSource;
  readonly data: ResolvedData;
  readonly shape: ModelShape;
  readonly trainer: Trainer;
  readonly evaluatorSets: readonly EvaluatorSet[];
  /** Evaluators that make no sense under the run's interventions. */
  readonly leftOut: readonly string[];
  readonly evaluator: Evaluator;
}

/**
 * Builds a run on the fast engine.
 * @param kernelModule the compiled assembly/ (build/kernels.wasm)
 * @param donors weights of those that `train.interventions` name
 * @param openFeatures where a source may be a file
 * @throws LabError when config and source do not fit, or memory does not suffice.
 */
export function assembleRun(
  config: RunConfig,
  kernelModule: WebAssembly.Module,
  donors?: DonorWeights,
  openFeatures?: OpenFeatures,
): AssembledRun {
  assertEngineMemory(modelShape(config, resolveData(config.data, config.data.source)), config.train);
  const source = openSource(config.data.source, kernelModule, openFeatures);
  const data = resolveData(config.data, source);
  const shape = modelShape(config, data);
  const { interventions } = config.train;
  const { sets: evaluatorSets, leftOut } = suitableSets(
    drawEvaluatorSets(data, config.seeds.eval, config.evaluate.sequencesPerEvaluator),
    interventions,
  );
  const kernels = createWasmKernels(kernelModule);
  const trainer = new Trainer({
    kernels,
    shape,
    config: config.train,
    source,
    sampler: createTrainingSampler(data, config.seeds.train),
    noise: createTrainingNoise(data, config.seeds.train),
    weights: initialiseParameters(shape, config.seeds.init),
    donors,
  });
  const evaluator = new Evaluator({
    kernels,
    shape,
    parameters: trainer.model.parameters,
    source,
    sets: evaluatorSets,
    interventions,
    trained: interventions?.length ?? 0,
    donors,
  });
  return { kernels, source, data, shape, trainer, evaluatorSets, leftOut, evaluator };
}
