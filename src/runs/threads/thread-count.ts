/** How many threads a run takes where nobody says. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { ModelShape } from '../../model/config.ts';
import type { TrainConfig } from '../../train/config.ts';

/** As many as there are shards of the unembedding (`src/model/unembedding.ts`): more would have nothing to do there. */
const mostUseful = 8;
/** Floating-point operations of a step, a few tenths of a millisecond, that are worth another thread. */
const operationsPerThread = 10e6;

/** What can be asked for. */
export const mostThreads = 64;

/** The machine's cores, at most 8, and no more than the model has work for. */
export function defaultThreads(shape: ModelShape, train: Pick<TrainConfig, 'batchSize'>): number {
  return Math.min(mostUseful, physicalCores(), usefulThreads(shape, train));
}

export function usefulThreads(shape: ModelShape, { batchSize }: Pick<TrainConfig, 'batchSize'>): number {
  const { labels, dModel, depth, exampleDim, contextPairs, mlpRatio } = shape;
  const tokens = 2 * contextPairs + 1;
  const perBlock = dModel * dModel * tokens * (4 + 2 * mlpRatio);
  const forward = dModel * (labels + exampleDim * (contextPairs + 1)) + depth * perBlock;
  // A multiplication and an addition each; twice as many backward.
  const operations = 6 * batchSize * forward;
  return Math.max(1, Math.floor(operations / operationsPerThread));
}

/** Cores this process may use; of two threads of one core only one counts, where the system tells which they are. */
export function physicalCores(): number {
  const available = availableParallelism();
  const siblings = new Set<string>();
  try {
    for (let cpu = 0; ; cpu++)
      siblings.add(readFileSync(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, 'utf8'));
  } catch {
    // Past the last one, or a system that does not tell.
  }
  return siblings.size === 0 ? available : Math.min(available, siblings.size);
}
