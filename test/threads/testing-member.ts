/** Started as a member of a crew by tests: knows the tasks of `testing-tasks.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { ControlBlock } from '../../src/engine/threads/control-block.ts';
import { Crew } from '../../src/engine/threads/crew.ts';
import type { MemberStart } from '../../src/runs/threads/start-crew.ts';
import { addTestTasks, type TestWork } from './testing-tasks.ts';

function serve({ threads, control, member, spinMicroseconds, work }: MemberStart): void {
  const crew = new Crew();
  addTestTasks(crew, work as TestWork, member);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread of Node
  parentPort!.postMessage('ready');
  crew.serve(new ControlBlock(threads, control), member, spinMicroseconds);
}

serve(workerData as MemberStart);
