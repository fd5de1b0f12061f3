/** Tasks that show what a crew does with them, the same in every thread. */
import type { Task } from '../../src/engine/kernels.ts';
import { Crew } from '../../src/engine/threads/crew.ts';

export interface TestWork {
  /** Shared: sums by share, and which member did each share. */
  readonly sums: Int32Array<SharedArrayBuffer>;
  readonly doneBy: Int32Array<SharedArrayBuffer>;
  /**
   * What a member, not the first thread, does instead of its share; `slow`: before it. `ended`: sleeps until it is ended
   * from outside. `missing`: its file is not there.
   */
  readonly instead?: 'throw' | 'exit' | 'sleep' | 'slow' | 'ended' | 'missing' | undefined;
}

export function isTestWork(work: unknown): work is TestWork {
  return typeof work === 'object' && work !== null && 'doneBy' in work;
}

export const testShares = 16;

export function newTestWork(instead?: TestWork['instead']): TestWork {
  const words = () => new Int32Array(new SharedArrayBuffer(4 * testShares));
  return { sums: words(), doneBy: words(), instead };
}

/** @returns a task that adds its value to every share's sum, each after a delay of its own */
export function addTestTasks(crew: Crew, { sums, doneBy, instead }: TestWork, member: number): Task {
  let state = 12_345 + member;
  /** Sometimes none, sometimes some microseconds, now and then long enough for the others to sleep. */
  const delay = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    const kind = state % 97;
    const end = performance.now() + (kind === 0 ? 2 : kind < 30 ? 0.02 : 0);
    while (performance.now() < end) continue;
  };
  return crew.task((share, _shares, [value]) => {
    if (member > 0 && instead === 'throw') throw new Error(`share ${share} is not to my liking`);
    // oxlint-disable-next-line unicorn/no-process-exit -- ends the thread, not the process
    if (member > 0 && instead === 'exit') process.exit(3);
    if (member > 0 && (instead === 'sleep' || instead === 'ended'))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    delay();
    // So that members come to a share before the first thread has done them all.
    if (instead) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    sums[share] += value;
    doneBy[share] = member + 1;
  }, testShares);
}

/** The crew of a member that knows these tasks. @param work a `TestWork` */
export function testCrew(work: unknown, member: number): Crew {
  const crew = new Crew();
  addTestTasks(crew, work as TestWork, member);
  return crew;
}
