/** A probe of a run's model on this machine's engine and threads. */
import { drawEvaluatorSets } from '../data/evaluator-sets.ts';
import { openSource } from '../data/open-source.ts';
import { resolveData } from '../data/resolved-data.ts';
import { shareEngine } from '../engine/threads/shared-engine.ts';
import { startCrew } from '../engine/threads/start-crew.ts';
import { LabError } from '../errors/lab-error.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import { modelShape } from '../runs/assemble.ts';
import type { RunConfig } from '../runs/config.ts';
import { openFeatureFile } from '../runs/feature-file.ts';
import { loadKernelModule } from '../runs/kernel-module.ts';
import { nodeForeman } from '../runs/threads/node-workers.ts';
import { physicalCores } from '../runs/threads/physical-cores.ts';
import { defaultThreads } from '../runs/threads/thread-count.ts';
import { startedFile } from '../runs/started-file.ts';
import type { SharedProbe } from './probe-member.ts';
import { Probe } from './probe.ts';

export interface OpenProbe {
  readonly probe: Probe;
  /** Ends the other threads. */
  close(): Promise<void>;
}

/**
 * @param threads to compute with, which changes no number; default: what machine and model have use for
 * @throws {LabError} exit code 64 for a run that was trained with interventions, 70 where kernels are missing, or threads do not start
 */
export async function openProbe(
  config: Pick<RunConfig, 'data' | 'model' | 'seeds' | 'evaluate' | 'train'>,
  threads?: number,
): Promise<OpenProbe> {
  const { length } = config.train.interventions ?? [];
  if (length > 0) {
    throw new LabError(
      `train.interventions: the run was trained with ${length} of them, and clean passes say nothing of it; ` +
        'iclab evaluate has them at work',
    );
  }
  const { module: kernelModule } = loadKernelModule();
  const source = openSource(config.data.source, kernelModule, openFeatureFile);
  const data = resolveData(config.data, source);
  const shape = modelShape(config, data);
  const sets = drawEvaluatorSets(data, config.seeds.eval, config.evaluate.sequencesPerEvaluator);
  const kernels = createWasmKernels(kernelModule);
  const probe = new Probe({ kernels, shape, source, sets });
  const count = threads ?? defaultThreads(shape, config.train, physicalCores());
  if (count === 1) return { probe, close: () => Promise.resolve() };
  const work: SharedProbe = { engine: shareEngine(kernels, kernelModule), shape };
  const startForeman = nodeForeman(startedFile('probe-member', import.meta.url));
  const started = await startCrew({ crew: kernels.crew, threads: count, work, startForeman });
  return { probe, close: () => started.stop() };
}
