/**
 * Where runs run: what an executor is given, what it tells, how a run of it is stopped. An executor knows one way of
 * starting a run (a process of this machine; a job of a cluster); which runs there are, and in what order, is not its
 * business (`run-all.ts`).
 */
import type { RunConfig } from '../runs/config.ts';
import type { RunEvent, RunResult } from '../runs/run-events.ts';
import type { TrainOptions } from '../runs/train-run.ts';

/** One run, as plain data: it may be sent to another process. */
export interface RunJob extends Pick<TrainOptions, 'vectors' | 'threads' | 'mostThreads'> {
  readonly config: RunConfig;
  readonly folder: string;
  /** What started it, one argument per item; recorded. */
  readonly command: readonly string[];
}

/** How it came out. */
export type RunEnd =
  | { readonly kind: 'ended'; readonly result: RunResult }
  /** What was thrown, or that its process is gone. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** It was stopped before anything of it was done. */
  | { readonly kind: 'notBegun' };

export interface StartedRun {
  /** Never rejects: a run that fails is no failure of those beside it. */
  readonly ended: Promise<RunEnd>;
  /** Asks it to finish its step, save and end; more than once is once. */
  stop(): void;
}

export interface Executor {
  start(job: RunJob, onEvent: (event: RunEvent) => void): StartedRun;
}
