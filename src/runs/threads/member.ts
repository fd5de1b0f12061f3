/** Started as a worker thread by `foreman.ts`: builds a run's models and serves their crew. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveAsMember } from '../../engine/threads/serve-as-member.ts';
import type { MemberStart } from '../../engine/threads/start-crew.ts';
import { joinModels } from './shared-models.ts';

serveAsMember(workerData as MemberStart, joinModels, () => parentPort!.postMessage('ready'));
