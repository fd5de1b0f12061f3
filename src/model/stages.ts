/**
 * Work in stages, each of which needs of the stage before nothing but its own part: of the heads, or of the rows. Threads
 * take a part through all stages without waiting for each other. Where somebody has to see all of what a stage made (a
 * tap), it goes stage by stage instead. The numbers are the same.
 */
import type { Kernels, Task } from '../engine/kernels.ts';
import { shareOf } from '../engine/threads/share-of.ts';

/** Does a stage for `count` parts from `first` on. Reads nothing but what its constructor was given. */
export type Stage = (first: number, count: number) => void;

export class Stages {
  readonly #stages: readonly Stage[];
  readonly #parts: number;
  readonly #task: Task;

  /** @param step a share begins at a multiple of it: 4 for rows of products, whose tiles have as many */
  constructor(kernels: Kernels, parts: number, step: number, stages: readonly Stage[]) {
    this.#stages = stages;
    this.#parts = parts;
    this.#task = kernels.task((share, shares) => {
      const [first, count] = shareOf(share, shares, parts, step);
      if (count > 0) for (const stage of stages) stage(first, count);
    });
  }

  /** @param after called with the number of each stage when all of it is done */
  run(after?: (stage: number) => void): void {
    if (!after) {
      this.#task();
      return;
    }
    for (const [i, stage] of this.#stages.entries()) {
      stage(0, this.#parts);
      after(i);
    }
  }
}
