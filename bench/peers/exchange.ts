/**
 * What every peer starts from: the weights of a run of ours and the batches of its first steps, in one file. Ours draws
 * the same ones from its seeds, so that the comparison of losses also proves this file.
 */
import { fillFeatures } from '../../src/data/features.ts';
import { createSequenceBatch } from '../../src/data/sequence-batch.ts';
import { createTrainingSampler } from '../../src/data/training-data.ts';
import { type Tensor, writeSafetensors } from '../../src/formats/safetensors.ts';
import { initialiseParameters } from '../../src/model/initialise.ts';
import { parameterSpecs } from '../../src/model/parameters.ts';
import type { AssembledRun } from '../../src/runs/assemble.ts';
import type { RunConfig } from '../../src/runs/config.ts';
import { measuredConfig, type ShapeName } from '../../src/measure/shapes.ts';

/** Steps of one pass over the file. */
export const exchangedSteps = 20;

/** A rate at which 20 steps change the losses by far more than the tolerance. */
export function peerConfig(shape: ShapeName): RunConfig {
  return measuredConfig(shape, ['train.optimizer.rate=1e-3']);
}

/** @param run of `peerConfig`, before its first step */
export function exchangeFile({ source, data, shape }: AssembledRun, config: RunConfig): Uint8Array {
  const { batchSize, optimizer } = config.train;
  const places = data.contextPairs + 1;
  const sampler = createTrainingSampler(data, config.seeds.train);
  const batch = createSequenceBatch(batchSize, data.contextPairs);
  const examples = new Float32Array(exchangedSteps * batchSize * places * source.dim);
  const labels = new Int32Array(exchangedSteps * batchSize * data.contextPairs);
  const targets = new Int32Array(exchangedSteps * batchSize);
  const placeByPlace = new Float32Array(batchSize * places * source.dim);
  for (let step = 0; step < exchangedSteps; step++) {
    sampler.fill(batch, step);
    fillFeatures(source, batch, placeByPlace);
    for (let sequence = 0; sequence < batchSize; sequence++) {
      const number = step * batchSize + sequence;
      for (let place = 0; place < places; place++) {
        const from = (place * batchSize + sequence) * source.dim;
        examples.set(placeByPlace.subarray(from, from + source.dim), (number * places + place) * source.dim);
      }
      const own = batch.labels.subarray(sequence * places, (sequence + 1) * places);
      labels.set(own.subarray(0, -1), number * data.contextPairs);
      targets[number] = own[data.contextPairs];
    }
  }
  const weights = initialiseParameters(shape, config.seeds.init);
  const tensors: [string, Tensor][] = parameterSpecs(shape).map(({ name, shape: dims }) => [
    `w.${name}`,
    { shape: dims, data: weights.get(name) ?? new Float32Array() },
  ]);
  tensors.push(
    ['batch.examples', { shape: [exchangedSteps, batchSize, places, source.dim], data: examples }],
    ['batch.labels', { shape: [exchangedSteps, batchSize, data.contextPairs], data: labels }],
    ['batch.targets', { shape: [exchangedSteps, batchSize], data: targets }],
  );
  return writeSafetensors(tensors, [
    ['model', JSON.stringify(shape)],
    ['adam', JSON.stringify(optimizer)],
  ]);
}
