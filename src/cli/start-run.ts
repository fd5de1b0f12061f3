/** A config on the engine of this machine, in a folder, told of as it goes: what `train` and `reproduce` share. */
import { exitCodes } from '../errors/lab-error.ts';
import { assembleRun } from '../runs/assemble.ts';
import type { RunConfig } from '../runs/config.ts';
import { nodeProcessTable } from '../runs/process-identity.ts';
import type { RunResult } from '../runs/run-events.ts';
import { makeRunRecord } from '../runs/run-record.ts';
import { runSession } from '../runs/run-session.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { engineVersion, loadKernelModule } from './kernel-module.ts';
import { createRunOutput } from './run-output.ts';
import { listenForStop } from './stop-signals.ts';

export interface StartOptions {
  readonly config: RunConfig;
  readonly folder: string;
  /** Tell of it in JSON, for a program. */
  readonly json: boolean;
}

/**
 * Trains to the end, or until a signal. Sets exit code 75 where it was stopped.
 * @throws {LabError} as `runSession` and `assembleRun`
 */
export async function startRun(
  context: LabContext,
  { config, folder, json }: StartOptions,
): Promise<RunResult> {
  const kernels = loadKernelModule();
  const output = createRunOutput(context, { json });
  const stop = listenForStop(context, (name) => output.onStop(name));
  try {
    const result = await runSession({
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
        ['iclab', ...context.argv],
        { name: 'wasm', kernels: kernels.hash, threads: 1 },
        new Date(),
      ),
      storage: nodeStorage,
      processes: nodeProcessTable(),
      signal: stop.signal,
      onEvent: (event) => output.onEvent(event),
    });
    output.finish(result);
    if (result.outcome === 'stopped') context.process.exitCode = exitCodes.stoppedResumable;
    return result;
  } catch (error) {
    output.fail();
    throw error;
  } finally {
    stop.dispose();
  }
}
