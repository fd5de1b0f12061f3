/** Started as a member of a crew by tests: knows the tasks of `testing-tasks.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveAsMember } from '../../src/engine/threads/serve-as-member.ts';
import type { MemberStart } from '../../src/engine/threads/start-crew.ts';
import { testCrew } from './testing-tasks.ts';

const start = workerData as MemberStart;
serveAsMember(
  start,
  (work) => testCrew(work, start.member),
  () => parentPort!.postMessage('ready'),
);
