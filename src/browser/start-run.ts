/** A run in a page: trained in memory by workers, so that the page stays free. Nothing is saved. */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { RunConfig } from '../runs/config.ts';
import { type CoordinatorMessage, type CoordinatorStart, stopWord } from './messages.ts';
import type { PageEvent, PageResult } from './page-events.ts';
import { endOfWorker, type WorkerTask } from './threads/crew-workers.ts';

export interface PageRunOptions {
  /** Every setting of the run, its exemplar source included (`makeConfig`). */
  readonly config: RunConfig;
  /**
   * Threads to compute with, which changes no number; default: as many as the machine has cores, at most 8, and no more
   * than the model has work for. One where the page is not cross-origin isolated.
   */
  readonly threads?: number;
  /** Where build/kernels.wasm is served, or the module itself; default: where a bundler has put it. */
  readonly kernels?: string | URL | WebAssembly.Module;
  readonly onEvent?: (event: PageEvent) => void;
}

export interface PageRun {
  /**
   * Kept when the run has ended and its workers with it.
   * @throws {LabError} 64 settings that do not fit each other; 70 kernels, threads or memory that are not to be had, or a
   * number that is not finite
   */
  readonly result: Promise<PageResult>;
  /** Asks it to finish its step and end. */
  stop(): void;
  /** Ends its workers at once, whatever they do. */
  close(): void;
}

/** Starts a run, in a page's own thread or in a worker. */
export function startRun(options: PageRunOptions): PageRun {
  // Written so that a bundler finds the file and what it imports.
  return openRun(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'iclab run' }),
    options,
  );
}

/** @param start a worker whose file serves the roles of a run */
export function openRun(
  start: () => Worker,
  { config, threads, kernels = kernelsUrl(), onEvent }: PageRunOptions,
): PageRun {
  let worker: Worker | undefined;
  let last = { sequences: 0, step: 0 };
  let isOver = false;
  const { promise: result, resolve, reject } = Promise.withResolvers<PageResult>();
  const end = (outcome: PageResult | Error) => {
    isOver = true;
    worker?.terminate();
    if (outcome instanceof Error) reject(outcome);
    else resolve(outcome);
  };
  const hear = (message: CoordinatorMessage) => {
    // What it had said when it was ended may still arrive.
    if (isOver) return;
    if (message.kind === 'ended') end(message.result);
    else if (message.kind === 'failed') end(errorOf(message));
    else {
      if (message.kind === 'progress' || message.kind === 'evaluation')
        last = { sequences: message.sequences, step: message.step };
      onEvent?.(message);
    }
  };
  try {
    worker = start();
    worker.addEventListener('message', ({ data }: MessageEvent<CoordinatorMessage>) => hear(data));
    worker.addEventListener('error', (event) => end(noWorker(endOfWorker(event))));
    const own: CoordinatorStart = {
      config,
      threads,
      kernels: kernels instanceof URL ? kernels.href : kernels,
    };
    const task: WorkerTask = { role: 'coordinator', start: own };
    worker.postMessage(task);
  } catch (error) {
    end(noWorker(String(error)));
  }
  return {
    result,
    stop: () => worker?.postMessage(stopWord),
    close: () => end({ outcome: 'closed', ...last }),
  };
}

function kernelsUrl(): URL {
  return new URL('../../build/kernels.wasm', import.meta.url);
}

function errorOf(failed: Extract<CoordinatorMessage, { kind: 'failed' }>): Error {
  return failed.exitCode === undefined
    ? new Error(failed.message)
    : new LabError(failed.message, failed.exitCode);
}

function noWorker(why: string): LabError {
  return new LabError(
    `engine: the worker that trains has failed: ${why}; load the page again, from where its scripts are served`,
    exitCodes.crash,
  );
}
