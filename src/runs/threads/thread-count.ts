/** How many threads a run takes where nobody says. Browser-safe. */
import type { ModelShape } from '../../model/config.ts';
import type { TrainConfig } from '../../train/config.ts';

/** As many as there are shards of the labels (`src/model/label-tiles.ts`): more would have nothing to do there. */
const mostUseful = 8;
/** Floating-point operations of a step, a few tenths of a millisecond, that are worth another thread. */
const operationsPerThread = 10e6;

/** What can be asked for. */
export const mostThreads = 64;

/** As many as there are cores, at most 8, and no more than the model has work for. */
export function defaultThreads(
  shape: ModelShape,
  train: Pick<TrainConfig, 'batchSize'>,
  cores: number,
): number {
  return Math.min(mostUseful, cores, usefulThreads(shape, train));
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
