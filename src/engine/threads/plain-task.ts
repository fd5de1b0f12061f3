/** A task of one thread: its work in one share. */
import type { SharedWork, Task } from '../kernels.ts';

export function plainTask(work: SharedWork): Task {
  const task = (...values: number[]) => work(0, 1, values);
  return Object.assign(task, { besides: (_other: () => void, ...values: number[]) => task(...values) });
}
