/**
 * How the foreman learns that a member is gone. A browser tells nobody that a worker was ended from outside; but it takes
 * the worker's locks away, and gives them to whoever waits for them.
 */

/** @returns a name that no other member has, in any page */
export function newLockName(member: number): string {
  return `iclab thread ${member + 1} ${crypto.randomUUID()}`;
}

/** In the member: runs something once the lock is held, which it is until the worker ends. Without locks: at once. */
export function withLock(name: string, run: () => void): void {
  // In a task of its own, where what it throws is an error of the worker and not of a promise.
  const soon = () => void setTimeout(run, 0);
  if (!hasLocks()) {
    soon();
    return;
  }
  const held = navigator.locks.request(name, () => {
    soon();
    return new Promise<never>(() => {});
  });
  held.catch(soon);
}

/** In the foreman, once the member holds its lock. Without locks a dead member is missed when its share is. */
export function whenGone(name: string, tell: () => void): void {
  if (!hasLocks()) return;
  navigator.locks.request(name, tell).catch(() => {});
}

function hasLocks(): boolean {
  return (navigator as { locks?: LockManager }).locks !== undefined;
}
