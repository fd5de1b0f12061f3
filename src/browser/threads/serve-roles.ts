/** What a run's worker does: waits to be told what it is, and is that. */
import type { Crew } from '../../engine/threads/crew.ts';
import { serveAsMember } from '../../engine/threads/serve-as-member.ts';
import type { MemberStart, StartWorker } from '../../engine/threads/start-crew.ts';
import { superviseMembers } from '../../engine/threads/supervise.ts';
import { workerScope } from '../worker-scope.ts';
import { browserMember, type WorkerTask } from './crew-workers.ts';
import { withLock } from './member-lock.ts';

export interface Roles {
  /** @param start what the page sent */
  readonly coordinate: (start: unknown) => void;
  /** Builds the crew of a member. */
  readonly join: (work: unknown, member: number) => Crew;
  /** How the foreman starts a member; default: this file again. */
  readonly startMember?: StartWorker<MemberStart>;
}

/** To be called when a worker's file is loaded. */
export function serveRoles({ coordinate, join, startMember }: Roles): void {
  const scope = workerScope();
  scope.addEventListener('messageerror', () => {
    throw new Error('what it was sent cannot be read there');
  });
  scope.addEventListener(
    'message',
    ({ data }) => {
      const task = data as WorkerTask;
      switch (task.role) {
        case 'coordinator':
          coordinate(task.start);
          break;
        case 'foreman':
          superviseMembers(task.start, startMember ?? browserMember(scope.location.href), (word) =>
            scope.postMessage(word),
          );
          break;
        case 'member': {
          const { start, lock } = task;
          withLock(lock, () =>
            serveAsMember(
              start,
              (work) => join(work, start.member),
              () => scope.postMessage('ready'),
            ),
          );
        }
      }
    },
    { once: true },
  );
}
