/** Worker threads of Node as the workers of a crew (`src/engine/threads/start-crew.ts`). */
import { Worker } from 'node:worker_threads';
import type {
  CrewStart,
  CrewWorker,
  StartWorker,
  WorkerListeners,
  WorkerWord,
} from '../../engine/threads/start-crew.ts';
import { startedFile } from '../started-file.ts';

/** What the foreman is started with here. */
export interface ForemanStart extends CrewStart {
  /** The file that is started as a member. */
  readonly file: string;
}

const noWorker: CrewWorker = Object.freeze({ terminate: () => undefined });

/**
 * Starts a file as a worker thread that finds `workerData` there.
 * @param keeps whether it keeps the process alive once it has answered
 */
export function startNodeWorker(
  file: URL,
  { name, workerData, keeps }: { name: string; workerData: unknown; keeps: boolean },
  { onWord, onEnd, onRefused }: WorkerListeners,
): CrewWorker {
  const fail = (error: unknown) => {
    const reason = refusalOf(error);
    if (reason === undefined) onEnd(error instanceof Error ? error.message : String(error));
    else onRefused(reason);
  };
  let worker: Worker;
  try {
    worker = new Worker(file, { workerData, name });
  } catch (error) {
    fail(error);
    return noWorker;
  }
  worker.on('message', (word: WorkerWord) => onWord(word));
  worker.on('error', fail);
  worker.on('exit', (code) => onEnd(`it ended with exit code ${code}`));
  if (!keeps) worker.once('message', () => worker.unref());
  return worker;
}

/**
 * Starts `foreman.ts`. Once it has answered it keeps no process alive.
 * @param member a file that serves as a member of the crew
 */
export function nodeForeman(member: URL): StartWorker<CrewStart> {
  return (start, listeners) => {
    const workerData: ForemanStart = { ...start, file: member.href };
    const options = { name: 'iclab threads', workerData, keeps: false };
    return startNodeWorker(startedFile('foreman', import.meta.url), options, listeners);
  };
}

/**
 * Why Node gives no thread: a policy, too little memory, or a limit on processes (`ulimit -u`). Undefined for what is wrong
 * with the program itself.
 */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const isRefusal = /^ERR_(ACCESS_DENIED|WORKER_INIT_FAILED|WORKER_OUT_OF_MEMORY)$/.test(String(error.code));
  return isRefusal ? error.message.replace(/\.$/, '') : undefined;
}
