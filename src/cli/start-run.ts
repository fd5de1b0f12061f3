/** A config on the engine of this machine, in a folder, told of as it goes: what `train` and `reproduce` share. */
import { exitCodes } from '../errors/lab-error.ts';
import type { RunConfig } from '../runs/config.ts';
import type { RunResult } from '../runs/run-events.ts';
import { trainInFolder } from '../runs/train-run.ts';
import type { VectorWish } from '../runs/vector-width.ts';
import type { LabContext } from './context.ts';
import { createRunOutput } from './run-output.ts';
import { listenForStop } from './stop-signals.ts';

export interface StartOptions {
  readonly config: RunConfig;
  readonly folder: string;
  /** Tell of it in JSON, for a program. */
  readonly json: boolean;
  readonly vectors: VectorWish;
  readonly threads?: number | undefined;
}

/**
 * Trains to the end, or until a signal. Sets exit code 75 where it was stopped.
 * @throws {LabError} as `runSession` and `assembleRun`
 */
export async function startRun(
  context: LabContext,
  { config, folder, json, vectors, threads }: StartOptions,
): Promise<RunResult> {
  const output = createRunOutput(context, { json });
  const stop = listenForStop(context, (name) => output.onStop(name));
  try {
    const result = await trainInFolder({
      config,
      folder,
      command: ['iclab', ...context.argv],
      vectors,
      signal: stop.signal,
      threads,
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
