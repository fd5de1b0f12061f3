/**
 * Started as a worker thread by `start-crew.ts`: starts the members of a crew and watches over them. The first thread
 * cannot: while it waits for a share it hears no event, so it would never learn that a member has ended.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { ControlBlock, places, states } from '../../engine/threads/control-block.ts';
import { type ForemanStart, type MemberStart, refusalOf, type Refusal } from './start-crew.ts';

function startMember(file: string, start: MemberStart, control: ControlBlock, onReady: () => void): void {
  const { member } = start;
  const worker = new Worker(new URL(file), { workerData: start, name: `iclab thread ${member + 1}` });
  const fail = (message: string) => {
    control.fail(member, message);
    parentPort!.postMessage('failed');
  };
  worker.on('message', onReady);
  worker.on('error', (error: unknown) => {
    const refused = refusalOf(error);
    if (refused !== undefined) parentPort!.postMessage({ refused } satisfies Refusal);
    fail(error instanceof Error ? error.message : String(error));
  });
  worker.on('exit', (code) => {
    const isOver = Atomics.load(control.words, places.state) === states.ended;
    if (!isOver) fail(`it ended with exit code ${code}`);
  });
}

function startMembers({ file, ...start }: ForemanStart): void {
  const control = new ControlBlock(start.threads, start.control);
  let missing = start.threads - 1;
  const onReady = () => {
    if (--missing === 0) parentPort!.postMessage('ready');
  };
  for (let member = 1; member < start.threads; member++)
    startMember(file, { ...start, member }, control, onReady);
}

startMembers(workerData as ForemanStart);
