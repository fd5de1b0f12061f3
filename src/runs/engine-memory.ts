/** How much memory the engine takes for a run, told from its sizes before anything is made. */
import { LabError } from '../errors/lab-error.ts';
import { planTraining } from '../intervene/training-plan.ts';
import type { ModelShape } from '../model/config.ts';
import { parameterCount } from '../model/parameters.ts';
import { shards, tileClasses, updateShares } from '../model/label-tiles.ts';
import { gradientTiles } from '../model/unembedding-gradients.ts';
import type { TrainConfig } from '../train/config.ts';

/** What one WebAssembly memory can hold. */
export const engineMemoryLimit = 4 * 2 ** 30;

/** Bytes of the model in training: weights, moments, gradients, and activations of one batch. */
export function engineMemoryBytes(
  shape: ModelShape,
  { batchSize, optimizer, interventions }: Pick<TrainConfig, 'batchSize' | 'optimizer' | 'interventions'>,
): number {
  const { dModel, depth, heads, mlpRatio, labels, exampleDim, contextPairs } = shape;
  const tokens = 2 * contextPairs + 1;
  const lanes = Math.ceil(batchSize / 8) * 8;
  // Gradients are whole for all but the unembedding, which is updated tile by tile.
  const states = (optimizer.kind === 'adam' ? 3 : 1) + 1;
  const widest = Math.max(1, mlpRatio);
  // Of the residual's width, for each token: per block norm, q, k, v, mix, output and sum, and the MLP's own; once the
  // embeddings, the final norm, and the work space of the backward pass.
  const perBlock = 7 + (mlpRatio > 0 ? 3 + 2 * mlpRatio : 0);
  const perToken = dModel * (depth * perBlock + 3 + 2 + 3 + 3 * widest);
  const patterns = (2 * depth + 1) * heads * tokens * tokens;
  const examples = 2 * (contextPairs + 1) * exampleDim;
  const passesOverLabels =
    updateShares * gradientTiles * tileClasses * (dModel + 1) + shards * dModel * lanes;
  const activations = lanes * (tokens * perToken + patterns + examples + labels);
  // What interventions need beside it: a second pass over the same input with gradients of its own, and donors, twice, for
  // evaluation has its own.
  const { clean, donors } = planTraining(shape, interventions).needs;
  const body = lanes * (tokens * perToken + patterns + examples / 2);
  const gradients = parameterCount(shape) - labels * (dModel + 1);
  const passes = (clean ? body + gradients : 0) + donors.length * 2 * (parameterCount(shape) + body);
  return 4 * (states * parameterCount(shape) + activations + passesOverLabels + passes);
}

/** @throws {LabError} exit code 64 where the run is larger than the engine can be, naming what to lower */
export function assertEngineMemory(
  shape: ModelShape,
  train: Pick<TrainConfig, 'batchSize' | 'optimizer' | 'interventions'>,
): void {
  const bytes = engineMemoryBytes(shape, train);
  if (bytes <= engineMemoryLimit) return;
  const gibibytes = (bytes / 2 ** 30).toFixed(bytes < 100 * 2 ** 30 ? 1 : 0);
  throw new LabError(
    `model.dModel = ${shape.dModel}, model.depth = ${shape.depth}, train.batchSize = ${train.batchSize}: the engine ` +
      `would need about ${gibibytes} GiB of memory, more than the 4 it can have; lower one of them`,
  );
}
