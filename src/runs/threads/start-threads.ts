/** Gives the engine of a run more threads: worker threads of Node, which build the same models on the same memory. */
import type { Threads } from '../../engine/threads/start-crew.ts';
import { nodeForeman } from './node-workers.ts';
import { shareModels, type ThreadOptions } from './shared-models.ts';
import { startedFile } from '../started-file.ts';

/**
 * Starts the threads of an engine on which `assembleRun` has built its models; with one thread, nothing.
 * @throws {LabError} exit code 64 for a number of threads that cannot be; 70 where they do not start
 */
export function startThreads(options: ThreadOptions): Promise<Threads> {
  return shareModels(options, nodeForeman(startedFile('member', import.meta.url)));
}
