/** The sequences and the noise a run trains on, as its data and its training seed fix them. */
import { ExemplarNoise } from './exemplar-noise.ts';
import { dataStreams } from './random-streams.ts';
import type { ResolvedData } from './resolved-data.ts';
import { SequenceSampler } from './sampler.ts';

/** Draws the training sequences: `fill(batch, step)`. */
export function createTrainingSampler(data: ResolvedData, trainSeed: number): SequenceSampler {
  const { contextPairs, classes, exemplars, labels, components } = data;
  return new SequenceSampler({
    contextPairs,
    classes,
    exemplars,
    labels,
    components,
    seed: trainSeed,
    stream: dataStreams.trainSequences,
  });
}

/** The noise `fillFeatures` adds in training; undefined where there is none. Evaluation never adds any. */
export function createTrainingNoise(data: ResolvedData, trainSeed: number): ExemplarNoise | undefined {
  if (data.exemplarNoise === 0) return undefined;
  return new ExemplarNoise(data.exemplarNoise, trainSeed, dataStreams.trainNoise);
}
