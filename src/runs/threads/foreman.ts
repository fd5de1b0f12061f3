/** Started as a worker thread by `node-workers.ts`: the foreman of a crew. */
import { parentPort, workerData } from 'node:worker_threads';
import { superviseMembers } from '../../engine/threads/supervise.ts';
import { type ForemanStart, startNodeWorker } from './node-workers.ts';

function supervise({ file, ...start }: ForemanStart): void {
  superviseMembers(
    start,
    (memberStart, listeners) => {
      const name = `iclab thread ${memberStart.member + 1}`;
      return startNodeWorker(new URL(file), { name, workerData: memberStart, keeps: true }, listeners);
    },
    (word) => parentPort!.postMessage(word),
  );
}

supervise(workerData as ForemanStart);
