/** Started as a worker thread by `foreman.ts`: builds a run's models and serves their crew. */
import { parentPort, workerData } from 'node:worker_threads';
import { ControlBlock } from '../../engine/threads/control-block.ts';
import { joinModels, type SharedModels } from './shared-models.ts';
import type { MemberStart } from './start-crew.ts';

function serve({ threads, control, member, spinMicroseconds, work }: MemberStart): void {
  const { crew } = joinModels(work as SharedModels);
  parentPort!.postMessage('ready');
  crew.serve(new ControlBlock(threads, control), member, spinMicroseconds);
}

serve(workerData as MemberStart);
