/** A config on the engine of this machine, in a folder of this disk: what commands and the library both do. */
import { assembleRun } from './assemble.ts';
import type { RunConfig } from './config.ts';
import { engineVersion, loadKernelModule } from './kernel-module.ts';
import { nodeProcessTable } from './process-identity.ts';
import type { RunEvent, RunResult } from './run-events.ts';
import { makeRunRecord } from './run-record.ts';
import { runSession } from './run-session.ts';
import { nodeStorage } from './storage/node-storage.ts';

export interface TrainOptions {
  readonly config: RunConfig;
  readonly folder: string;
  /** What started it, one argument per item; recorded. */
  readonly command: readonly string[];
  /** Asks the run to finish its step, save and return. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/**
 * Trains to the end, going on where an earlier session of the folder stopped.
 * @throws {LabError} as `runSession` and `assembleRun`
 */
export function trainInFolder({
  config,
  folder,
  command,
  signal,
  onEvent,
}: TrainOptions): Promise<RunResult> {
  const kernels = loadKernelModule();
  return runSession({
    config,
    folder,
    build: () => {
      const { trainer, evaluator, source } = assembleRun(config, kernels.module);
      return {
        trainer,
        source: source.description,
        evaluate: (sequences, step) => evaluator.evaluate(sequences, step),
      };
    },
    engineVersion: engineVersion(kernels),
    record: makeRunRecord(command, { name: 'wasm', kernels: kernels.hash, threads: 1 }, new Date()),
    storage: nodeStorage,
    processes: nodeProcessTable(),
    ...(signal ? { signal } : {}),
    ...(onEvent ? { onEvent } : {}),
  });
}
