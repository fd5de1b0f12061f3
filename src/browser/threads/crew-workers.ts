/**
 * Web Workers as the workers of a crew (`src/engine/threads/start-crew.ts`). All of a run's workers are one file, which is
 * told in its first message what it is to be: a bundler has one worker to find, and a browser one file to load.
 */
import type {
  CrewStart,
  CrewWorker,
  MemberStart,
  StartWorker,
  WorkerListeners,
  WorkerWord,
} from '../../engine/threads/start-crew.ts';
import { newLockName, whenGone } from './member-lock.ts';

/** A worker's first message. */
export type WorkerTask =
  | { readonly role: 'coordinator'; readonly start: unknown }
  | { readonly role: 'foreman'; readonly start: CrewStart }
  | { readonly role: 'member'; readonly start: MemberStart; readonly lock: string };

const noWorker: CrewWorker = Object.freeze({ terminate: () => undefined });

/** Why a worker has ended, from the `error` event of whoever started it; a script that does not load gives no words. */
export function endOfWorker(event: Event): string {
  // Else it would go on to be an error of the worker that hears it.
  event.preventDefault();
  const { message } = event as Partial<ErrorEvent>;
  return message ? message.replace(/^Uncaught (\w*Error: )?/, '') : 'its script cannot be loaded';
}

/** @param file of the worker that calls it: `location.href` */
export function browserForeman(file: string): StartWorker<CrewStart> {
  return (start, listeners) => startWorker(file, 'iclab threads', { role: 'foreman', start }, listeners);
}

/** @param file of the worker that calls it: `location.href` */
export function browserMember(file: string): StartWorker<MemberStart> {
  return (start, listeners) => {
    const { onWord, onEnd } = listeners;
    const lock = newLockName(start.member);
    const task: WorkerTask = { role: 'member', start, lock };
    return startWorker(file, `iclab thread ${start.member + 1}`, task, {
      ...listeners,
      onWord: (word) => {
        whenGone(lock, () => onEnd('it was ended'));
        onWord(word);
      },
    });
  };
}

function startWorker(
  file: string,
  name: string,
  task: WorkerTask,
  { onWord, onEnd, onRefused }: WorkerListeners,
): CrewWorker {
  let worker: Worker;
  try {
    worker = new Worker(file, { type: 'module', name });
  } catch (error) {
    onRefused(`the browser refuses the worker another: ${String(error)}`);
    return noWorker;
  }
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerWord>) => onWord(data));
  worker.addEventListener('error', (event) => onEnd(endOfWorker(event)));
  worker.postMessage(task);
  return worker;
}
