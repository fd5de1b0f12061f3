/** A config on the engine of this machine, in a folder of this disk: what commands and the library both do. */
import { resolveData } from '../data/resolved-data.ts';
import { refusalWarning, silenceWarning, type Threads } from '../engine/threads/start-crew.ts';
import { leftOutWarning } from '../evaluate/suitable-sets.ts';
import { donorsOf } from '../intervene/intervention.ts';
import { assembleRun, modelShape } from './assemble.ts';
import type { RunConfig } from './config.ts';
import { readDonors } from './donors.ts';
import { openFeatureFile } from './feature-file.ts';
import { engineVersion } from './kernel-module.ts';
import { nodeProcessTable } from './process-identity.ts';
import type { RunEvent, RunResult } from './run-events.ts';
import { makeRunRecord } from './run-record.ts';
import { runSession } from './run-session.ts';
import type { SessionOptions, SessionParts } from './session-parts.ts';
import { nodeStorage } from './storage/node-storage.ts';
import { physicalCores } from './threads/physical-cores.ts';
import { startThreads } from './threads/start-threads.ts';
import { defaultThreads } from './threads/thread-count.ts';
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
  /** Threads to compute with, which changes no number; default: what the machine has and the model can use. */
  readonly threads?: number | undefined;
  /** Where `threads` does not say: no more than these, since others have the rest of the machine. */
  readonly mostThreads?: number | undefined;
}

/**
 * Trains to the end, going on where an earlier session of the folder stopped.
 * @throws {LabError} as `runSession`, `assembleRun` and `vectorWidth`
 */
export async function trainInFolder(options: TrainOptions): Promise<RunResult> {
  const { config, folder, command, vectors, signal, onEvent } = options;
  // Before the kernels are compiled: a function keeps the width it was compiled for.
  const width = vectorWidth(vectors);
  const kernels = kernelsOfWidth(width);
  const shape = modelShape(config, resolveData(config.data, config.data.source));
  const cores = Math.min(physicalCores(), options.mostThreads ?? Number.POSITIVE_INFINITY);
  const threads = options.threads ?? defaultThreads(shape, config.train, cores);
  let crew: Threads | undefined;
  const session: SessionOptions = {
    config,
    folder,
    build: async () => {
      const donors = await readDonors(nodeStorage, donorsOf(config.train.interventions ?? []));
      const run = assembleRun(config, kernels.module, donors.weights, openFeatureFile);
      const { trainer, evaluator, source, leftOut } = run;
      if (leftOut.length > 0) onEvent?.({ kind: 'warning', message: leftOutWarning(leftOut) });
      let engine: SessionParts['engine'] = { threads };
      crew = await startThreads({
        kernels: run.kernels,
        kernelModule: kernels.module,
        shape: run.shape,
        train: config.train,
        threads,
        // Threads that somebody asked for by name and cannot have are an error.
        ...(options.threads === undefined
          ? {
              onRefused: (reason) => {
                engine = { threads: 1, threadsReason: reason };
                onEvent?.({ kind: 'warning', message: refusalWarning(reason) });
              },
            }
          : {}),
        settings: {
          onSilence: (thread, seconds) =>
            onEvent?.({ kind: 'warning', message: silenceWarning(thread, threads, seconds) }),
        },
      });
      return {
        trainer,
        source: source.description,
        engine,
        donors: donors.records,
        evaluate: (sequences, step) => evaluator.evaluate(sequences, step),
      };
    },
    engineVersion: engineVersion(kernels),
    record: makeRunRecord(
      command,
      { name: 'wasm', kernels: kernels.hash, ...vectorFacts(width) },
      new Date(),
    ),
    storage: nodeStorage,
    processes: nodeProcessTable(),
    ...(signal ? { signal } : {}),
    ...(onEvent ? { onEvent } : {}),
  };
  try {
    return await runSession(session);
  } finally {
    await crew?.stop();
  }
}
