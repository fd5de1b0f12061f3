/**
 * Golden files: numbers made by other implementations, which ours must reproduce. Reads and checks one; what is done
 * with it stands in `verify-trace.ts` and `verify-draws.ts`. The format is described in test/golden/README.md.
 */
import { didYouMean } from '../errors/nearest.ts';
import { dataError } from '../formats/data-error.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import type { ModelShape } from '../model/config.ts';
import { siteSizes, siteTable } from '../model/sites.ts';
import { type GoldenConfig, readGoldenConfig } from './golden-config.ts';
import { type GoldenInterventions, readInterventions } from './golden-interventions.ts';
import type { GoldenBatch, NamedNumbers } from './golden-batch.ts';
import { TensorReader } from './golden-tensors.ts';

/** A model's first pass and its first steps of training. */
export interface GoldenTrace {
  readonly kind: 'trace';
  readonly shape: ModelShape;
  readonly batchSize: number;
  /** Learning rate of Adam (.9, .999, 1e-8). */
  readonly rate: number;
  /** Starting weights, every parameter of the model. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** One per training step. */
  readonly batches: readonly GoldenBatch[];
  /** `[batch, labels]`, of the first batch. */
  readonly queryLogits: Float64Array | undefined;
  readonly sites: NamedNumbers;
  readonly gradients: NamedNumbers;
  /** Mean loss of each step, before its update. */
  readonly losses: Float64Array | undefined;
  /** Weights after so many steps. */
  readonly weightsAfter: ReadonlyMap<number, NamedNumbers>;
}

/** What a generator draws straight from a seed, and the starting weights it gives. */
export interface GoldenDraws {
  readonly kind: 'draws';
  readonly shape: ModelShape;
  readonly seed: number;
  /** By name without `random.`, with their shapes. */
  readonly draws: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float64Array }>;
  readonly weights: NamedNumbers;
}

/** Bytes a golden file may have; those that come with the program have less than a million. */
export const maxGoldenBytes = 2 ** 26;

export type GoldenFile = GoldenTrace | GoldenDraws | GoldenInterventions;

/**
 * @param file what to call the file in errors
 * @throws LabError (exit code 65) `file: field: problem`
 */
export function readGoldenFile(bytes: Uint8Array, file: string): GoldenFile {
  if (bytes.length > maxGoldenBytes) {
    throw dataError(
      file,
      '',
      `${bytes.length} bytes, more than the ${maxGoldenBytes} a golden file may have`,
    );
  }
  const { tensors, metadata } = readSafetensors(bytes, file);
  const config = readGoldenConfig(metadata.get('config'), file);
  const reader = new TensorReader(tensors, config.shape, file);
  if (metadata.has('interventions'))
    return readInterventions(reader, config, metadata.get('interventions')!, file);
  return config.initSeed === undefined
    ? readTrace(reader, config, file)
    : readDraws(reader, config.shape, config.initSeed);
}

function readTrace(
  reader: TensorReader,
  { shape, batchSize, rate }: GoldenConfig,
  file: string,
): GoldenTrace {
  if (batchSize === undefined) throw dataError(file, 'config.batch', 'missing');
  if (rate === undefined) throw dataError(file, 'config.lr', 'missing');
  const parameters = new Map<string, Float32Array>();
  for (const [name, values] of reader.parameters('param.')) parameters.set(name, Float32Array.from(values));
  const batches = readBatches(reader, shape, batchSize);
  const { labels } = shape;
  const queryLogits = reader.has('step0.queryLogits')
    ? reader.take('step0.queryLogits', [batchSize, labels]).values
    : undefined;
  const sites = readSites(reader, shape, batchSize);
  const gradients = reader.parameters('step0.grad.', true);
  const losses = reader.has('losses') ? reader.take('losses', [batches.length]).values : undefined;
  const weightsAfter = new Map<number, NamedNumbers>();
  for (const steps of stepsWithWeights(reader)) {
    if (steps > batches.length) throw reader.fail(`after${steps}`, `only ${batches.length} batches`);
    weightsAfter.set(steps, reader.parameters(`after${steps}.param.`));
  }
  reader.finish();
  return {
    kind: 'trace',
    shape,
    batchSize,
    rate,
    parameters,
    batches,
    queryLogits,
    sites,
    gradients,
    losses,
    weightsAfter,
  };
}

function stepsWithWeights(reader: TensorReader): number[] {
  const steps = new Set<number>();
  for (const name of reader.names()) {
    const found = /^after([1-9]\d{0,5})\.param\./.exec(name);
    if (found) steps.add(Number(found[1]));
  }
  return [...steps].sort((a, b) => a - b);
}

function readBatches(reader: TensorReader, shape: ModelShape, size: number): GoldenBatch[] {
  const places = shape.contextPairs + 1;
  const examples = reader.take('batch.examples');
  const [steps] = examples.shape;
  const expected = [steps, size, places, shape.exampleDim];
  if (examples.shape.length !== 4 || steps < 1 || examples.shape.some((dim, i) => dim !== expected[i])) {
    const got = examples.shape.join(', ');
    throw reader.fail(
      'batch.examples',
      `shape [${got}], expected [1 or more steps, ${expected.slice(1).join(', ')}] by the config`,
    );
  }
  const labels = reader.take('batch.labels', [steps, size, places]).values;
  const bad = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= shape.labels);
  if (bad >= 0)
    throw reader.fail('batch.labels', `element ${bad} is ${labels[bad]}, not one of ${shape.labels} labels`);
  const [perExamples, perLabels] = [size * places * shape.exampleDim, size * places];
  return Array.from({ length: steps }, (_, step) => ({
    size,
    examples: Float32Array.from(examples.values.subarray(step * perExamples, (step + 1) * perExamples)),
    labels: Int32Array.from(labels.subarray(step * perLabels, (step + 1) * perLabels)),
  }));
}

function readSites(reader: TensorReader, shape: ModelShape, batchSize: number): NamedNumbers {
  const prefix = 'step0.site.';
  const known = new Map(siteTable(shape).map((site) => [site.name, site]));
  const sites = new Map<string, Float64Array>();
  for (const name of reader.names().filter((candidate) => candidate.startsWith(prefix))) {
    const siteName = name.slice(prefix.length);
    const site = known.get(siteName);
    if (!site) {
      throw reader.fail(name, `unknown site${didYouMean(siteName, known.keys())}`);
    }
    sites.set(site.name, reader.take(name, siteSizes(shape, site, batchSize)).values);
  }
  return sites;
}

function readDraws(reader: TensorReader, shape: ModelShape, seed: number): GoldenDraws {
  const prefix = 'random.';
  const draws = new Map<string, { shape: readonly number[]; values: Float64Array }>();
  for (const name of reader.names().filter((candidate) => candidate.startsWith(prefix))) {
    draws.set(name.slice(prefix.length), reader.take(name));
  }
  const weights = reader.parameters('param.', true);
  reader.finish();
  return { kind: 'draws', shape, seed, draws, weights };
}
