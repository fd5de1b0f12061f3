/** What a run's process is told by the one that started it, and what it answers. */
import type { ExitCode } from '../errors/lab-error.ts';
import type { RunEvent, RunResult } from '../runs/run-events.ts';
import type { RunJob } from './executor.ts';

export type ToRun = { readonly kind: 'start'; readonly job: RunJob } | { readonly kind: 'stop' };

export type FromRun =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'end'; readonly result: RunResult }
  /** An error that a reader is meant to read. */
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: ExitCode }
  /** Any other; its stack comes along. */
  | { readonly kind: 'crashed'; readonly error: unknown };

/** Milliseconds between two of the events that come several times a second. */
export const progressEveryMs = 100;
