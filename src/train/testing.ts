/** A trainer of a few dozen weights, for tests. */
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { rampData, rampDim, rampSource } from '../data/testing.ts';
import { createTrainingSampler } from '../data/training-data.ts';
import type { Kernels } from '../engine/kernels.ts';
import { createReferenceKernels } from '../engine/reference.ts';
import { modelConfigSchema, type ModelShape } from '../model/config.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { trainConfigSchema } from './config.ts';
import { Trainer } from './trainer.ts';

const rampsOf12 = rampSource(12);

const tinyData = rampData(rampsOf12);

/** The shape of a model of these settings on the tiny data. */
export function tinyShape(model: Parameters<typeof modelConfigSchema.parse>[0]): ModelShape {
  return {
    ...modelConfigSchema.parse(model),
    labels: tinyData.labels,
    exampleDim: rampDim,
    contextPairs: 2,
  };
}

/** @param train settings that differ from batches of 6, 600 sequences and the defaults */
export function tinyTrainer(
  train: object = {},
  shape = tinyShape({ depth: 1, dModel: 8, heads: 2 }),
  kernels: Kernels = createReferenceKernels('float64'),
  source: ExemplarSource = rampsOf12,
): Trainer {
  return new Trainer({
    kernels,
    shape,
    config: trainConfigSchema.parse({ batchSize: 6, trainSequences: 600, ...train }),
    source,
    sampler: createTrainingSampler(tinyData, 3),
    weights: initialiseParameters(shape, 5),
  });
}
