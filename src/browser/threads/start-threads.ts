/** Gives the engine of a run more threads: Web Workers, where the page may have such that share memory. */
import { oneThread, type Threads } from '../../engine/threads/start-crew.ts';
import { shareModels, type ThreadOptions } from '../../runs/threads/shared-models.ts';
import { workerScope } from '../worker-scope.ts';
import { browserForeman } from './crew-workers.ts';

export interface BrowserThreads extends Threads {
  /** Threads in all, the calling one included. */
  readonly threads: number;
  /** Why there is only one, where more were wanted. */
  readonly reason: string | undefined;
}

/**
 * Starts the threads of an engine on which `assembleRun` has built its models. To be called in a worker whose file serves
 * the roles of a crew with `joinModels`; a page's own thread may not wait for others.
 * @throws {LabError} exit code 64 for a number of threads that cannot be; 70 where threads do not start that the browser
 * lets us have
 */
export async function startThreads(options: Omit<ThreadOptions, 'onRefused'>): Promise<BrowserThreads> {
  let reason = options.threads === 1 ? undefined : obstacleToThreads();
  const onRefused = (why: string) => {
    reason = why;
  };
  const crew =
    reason === undefined
      ? await shareModels({ ...options, onRefused }, browserForeman(workerScope().location.href))
      : oneThread;
  return { threads: reason === undefined ? options.threads : 1, reason, stop: () => crew.stop() };
}

/** Why this page's workers cannot be threads of one engine, so that it is not even tried. */
export function obstacleToThreads(): string | undefined {
  if (!crossOriginIsolated) {
    return 'the page is not cross-origin isolated (served with the headers COOP and COEP), so its workers share no memory';
  }
  if (typeof Worker === 'undefined') return 'the browser gives a worker no workers of its own';
  return undefined;
}
