/**
 * The short runs whose numbers are held to the bit: every kind of model and of data under Adam and SGD, and every kind
 * of optimizer, L2 and schedule on one small model. Data only; what is hashed of a run is `run-hashes.ts`.
 */
import {
  completeRunConfig,
  type RunConfig,
  type RunConfigInput,
  runConfigSchema,
} from '../../src/runs/config.ts';

export interface ShortRun {
  /** `<model>/<optimizer>`; the name under which golden-hashes.json has it. */
  readonly name: string;
  readonly config: RunConfig;
}

type Part = 'data' | 'model' | 'train';
type ModelKind = Pick<RunConfigInput, Part>;
type OptimizerKind = Pick<NonNullable<RunConfigInput['train']>, 'optimizer' | 'schedule' | 'l2'>;

export const shortRunSeeds = { init: 11, train: 12, eval: 13 } as const;
const steps = 60;
const source = { kind: 'synthetic', classes: 128, exemplars: 6, dim: 64 } as const;
const oddSource = { kind: 'synthetic', classes: 67, exemplars: 3, dim: 8 } as const;
/** Widths that fill no vector, no tile of labels, and no batch of lanes: the model that meets every optimizer. */
const odd: ModelKind = {
  data: { source: oddSource },
  model: { depth: 1, dModel: 20, heads: 5 },
  train: { batchSize: 7 },
};

const modelKinds: Readonly<Record<string, ModelKind>> = {
  paper: { data: { source }, model: { dModel: 64, heads: 8 }, train: { batchSize: 32 } },
  depth1: { data: { source }, model: { depth: 1, dModel: 32, heads: 4 }, train: { batchSize: 16 } },
  mlpSinusoidal: {
    data: { source },
    model: { dModel: 32, heads: 4, mlpRatio: 4, position: 'sinusoidal' },
    train: { batchSize: 16 },
  },
  rope: { data: { source }, model: { dModel: 32, heads: 4, position: 'rope' }, train: { batchSize: 16 } },
  noNorm: { data: { source }, model: { dModel: 32, heads: 4, norm: false }, train: { batchSize: 16 } },
  eightPairs: {
    data: { source: oddSource, contextPairs: 8, burstiness: 3 },
    model: { depth: 3, dModel: 16, heads: 2, mlpRatio: 2, position: 'sinusoidal' },
    train: { batchSize: 8 },
  },
  oddEverything: {
    data: { source: oddSource, contextPairs: 3 },
    model: { depth: 2, dModel: 18, heads: 3, mlpRatio: 3, position: 'rope', initScale: 0.7 },
    train: { batchSize: 13 },
  },
  // A hidden layer that is an odd number of times 8 numbers: what is left of 16 at a time.
  oddMlp: {
    data: { source: oddSource },
    model: { depth: 2, dModel: 15, heads: 3, mlpRatio: 3 },
    train: { batchSize: 5 },
  },
  mixedNoisyData: {
    data: {
      source: { ...oddSource, alpha: 1, sigma: 0.3, offset: 0.5, scale: 1.5, seed: 7 },
      contextPairs: 4,
      exemplarNoise: 0.1,
      zipfExponent: 1.2,
      mixture: [
        { probability: 0.5, burstiness: 1, matchExemplars: true },
        { probability: 0.25, burstiness: 2, relabel: 'flip' },
        {
          probability: 0.25,
          burstiness: 0,
          noSupport: true,
          uniqueRest: true,
          queryLabelInContext: true,
          zipfExponent: 0,
        },
      ],
    },
    model: { dModel: 16, heads: 1 },
    train: { batchSize: 12 },
  },
  // Two or three tiles of 64 labels in each of the 8 shards, and one that is not full: their sums are rescaled. And a
  // source whose width is no power of 8.
  manyLabels: {
    data: { source: { ...oddSource, classes: 1100, exemplars: 2, dim: 32 } },
    model: { depth: 1, dModel: 16, heads: 2 },
    train: { batchSize: 16 },
  },
  // The same on 8 lanes, which the softmax of the labels takes by themselves.
  manyLabelsFewLanes: {
    data: { source: { ...oddSource, classes: 1100, exemplars: 2 } },
    model: { depth: 1, dModel: 16, heads: 2 },
    train: { batchSize: 8 },
  },
  iclOnly: {
    data: { source: oddSource, relabel: 'pair', classes: 61, exemplars: 2 },
    model: { dModel: 24, heads: 2 },
    train: { batchSize: 9 },
  },
};

const adam = { kind: 'adam', rate: 1e-3 } as const;
const sgd = { kind: 'sgd', rate: 0.05 } as const;

const optimizers: Readonly<Record<string, OptimizerKind['optimizer']>> = {
  adam,
  adamOtherDecays: { kind: 'adam', rate: 3e-3, beta1: 0.8, beta2: 0.95, epsilon: 1e-5 },
  sgd,
};
const l2Kinds: Readonly<Record<string, OptimizerKind['l2']>> = {
  none: { kind: 'none' },
  squared: { kind: 'squared', lambda: 1e-3 },
  released: { kind: 'released', lambda: 1e-3 },
};
const schedules: Readonly<Record<string, OptimizerKind['schedule']>> = {
  constant: { kind: 'constant' },
  warmupInverseSqrt: { kind: 'warmupInverseSqrt', warmupSteps: 11 },
  warmupCosine: { kind: 'warmupCosine', warmupSteps: 5, decaySteps: 40, finalFraction: 0.1 },
};

/** Schedules that fall together now and then, at moments that are no multiple of each other. */
function configOf({ data, model, train }: ModelKind, optimizer: OptimizerKind): RunConfig {
  const batchSize = train?.batchSize ?? 32;
  const input: RunConfigInput = {
    seeds: shortRunSeeds,
    data,
    model,
    train: {
      ...train,
      ...optimizer,
      trainSequences: steps * batchSize,
      recordEverySequences: 5 * batchSize,
    },
    // 37 sequences: one full evaluation batch and a part of one.
    evaluate: { everySequences: 17 * batchSize, sequencesPerEvaluator: 37 },
    checkpoint: { everySequences: 9 * batchSize + 1, snapshotEverySequences: 21 * batchSize },
  };
  return completeRunConfig(runConfigSchema.parse(input));
}

/** All of them, in the order of the golden file. */
export function shortRuns(): ShortRun[] {
  const everyModel = Object.entries(modelKinds).flatMap(([name, model]) => [
    { name: `${name}/adam`, config: configOf(model, { optimizer: adam }) },
    { name: `${name}/sgd`, config: configOf(model, { optimizer: sgd }) },
  ]);
  const everyOptimizer = Object.entries(optimizers).flatMap(([optimizerName, optimizer]) =>
    Object.entries(l2Kinds).flatMap(([l2Name, l2]) =>
      Object.entries(schedules).map(([scheduleName, schedule]) => ({
        name: `odd/${optimizerName}-${l2Name}-${scheduleName}`,
        config: configOf(odd, { optimizer, l2, schedule }),
      })),
    ),
  );
  return [...everyModel, ...everyOptimizer];
}

export function shortRun(name: string): ShortRun {
  const found = shortRuns().find((run) => run.name === name);
  if (!found) throw new Error(`no short run is called ${name}`);
  return found;
}
