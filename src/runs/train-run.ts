/** A config on the engine of this machine, in a folder of this disk: what commands and the library both do. */
import { assembleRun } from './assemble.ts';
import type { RunConfig } from './config.ts';
import { engineVersion } from './kernel-module.ts';
import { nodeProcessTable } from './process-identity.ts';
import type { RunEvent, RunResult } from './run-events.ts';
import { makeRunRecord } from './run-record.ts';
import { runSession } from './run-session.ts';
import { nodeStorage } from './storage/node-storage.ts';
import { kernelsOfWidth, vectorFacts, type VectorWish, vectorWidth } from './vector-width.ts';

export interface TrainOptions {
  readonly config: RunConfig;
  readonly folder: string;
  /** What started it, one argument per item; recorded. */
  readonly command: readonly string[];
  /** Width of the engine's vectors; default 256 bits where that is to be had. The numbers are the same. */
  readonly vectors?: VectorWish;
  /** Asks the run to finish its step, save and return. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/**
 * Trains to the end, going on where an earlier session of the folder stopped.
 * @throws {LabError} as `runSession`, `assembleRun` and `vectorWidth`
 */
export function trainInFolder({
  config,
  folder,
  command,
  vectors,
  signal,
  onEvent,
}: TrainOptions): Promise<RunResult> {
  // Before the kernels are compiled: a function keeps the width it was compiled for.
  const width = vectorWidth(vectors);
  const kernels = kernelsOfWidth(width);
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
    record: makeRunRecord(
      command,
      { name: 'wasm', kernels: kernels.hash, threads: 1, ...vectorFacts(width) },
      new Date(),
    ),
    storage: nodeStorage,
    processes: nodeProcessTable(),
    ...(signal ? { signal } : {}),
    ...(onEvent ? { onEvent } : {}),
  });
}
