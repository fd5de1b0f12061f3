/** Many runs on one machine: as many at once as it has places, each next one when a place is free; one that fails ends no other. */
import type { RunEvent } from '../runs/run-events.ts';
import type { Executor, RunEnd, RunJob, StartedRun } from './executor.ts';

export interface AllRuns {
  readonly jobs: readonly RunJob[];
  readonly executor: Executor;
  /** One for each run that may go at once: the most threads it takes there. */
  readonly places: readonly number[];
  /** Asks all of them to save and end; none is begun after that. */
  readonly signal?: AbortSignal;
  /** Told with the place of the run in `jobs`. */
  readonly onStart?: (index: number) => void;
  readonly onEvent?: (index: number, event: RunEvent) => void;
  readonly onEnd?: (index: number, end: RunEnd) => void;
}

/** @returns how each run came out, in the order of the jobs */
export async function runAll(all: AllRuns): Promise<RunEnd[]> {
  const { jobs, executor, places, signal } = all;
  const ends: RunEnd[] = jobs.map(() => ({ kind: 'notBegun' }));
  const running = new Set<StartedRun>();
  const stopAll = () => {
    for (const run of running) run.stop();
  };
  const isStopping = () => signal?.aborted === true;
  let next = 0;
  const fill = async (mostThreads: number) => {
    while (next < jobs.length && !isStopping()) {
      const index = next++;
      all.onStart?.(index);
      const run = executor.start({ ...jobs[index], mostThreads }, (event) => all.onEvent?.(index, event));
      running.add(run);
      ends[index] = await run.ended;
      running.delete(run);
      all.onEnd?.(index, ends[index]);
    }
  };
  signal?.addEventListener('abort', stopAll);
  try {
    await Promise.all(places.map(fill));
  } finally {
    signal?.removeEventListener('abort', stopAll);
  }
  return ends;
}
