/**
 * One config says everything a run is: each layer's own schema, composed, and what they must agree on. Reading it from
 * files and command lines is `load-config.ts`; which of it may change when a run goes on is `config-hash.ts`.
 */
import { z } from 'zod';
import { type DataConfig, dataConfigSchema, sourceSeed } from '../data/config.ts';
import { dataProblems } from '../data/data-problems.ts';
import { resolveData } from '../data/resolved-data.ts';
import { LabError } from '../errors/lab-error.ts';
import { type EvaluateConfig, evaluateConfigSchema, resolveEvaluateConfig } from '../evaluate/config.ts';
import { interventionsSchema } from '../intervene/intervention.ts';
import { planTraining } from '../intervene/training-plan.ts';
import { type ModelConfig, modelConfigSchema } from '../model/config.ts';
import { type TrainConfig, trainConfigSchema } from '../train/config.ts';
import { modelShape } from './model-shape.ts';
import { endOf } from './schedule.ts';

const seed = (what: string) => z.int().min(0).max(Number.MAX_SAFE_INTEGER).describe(what);

export const seedsConfigSchema = z.strictObject({
  init: seed('starting weights; means what it means in JAX 0.4')
    .max(2 ** 32 - 1)
    .default(5),
  train: seed('order and content of the training sequences').default(2),
  eval: seed('the fixed sets of the evaluators').default(1),
});

export const checkpointConfigSchema = z.strictObject({
  everySequences: z.int().min(1).default(1_000_000).describe('sequences between two full checkpoints'),
  snapshotEverySequences: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('sequences between two weight-only snapshots, all kept; null = none'),
  earlySnapshotEverySequences: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('the same while all is in motion: besides, sequences between two snapshots early on'),
  earlySnapshotUntilSequences: z
    .int()
    .min(0)
    .default(500_000)
    .describe('sequences up to which the early snapshots go'),
  keep: z.int().min(2).max(1000).default(3).describe('full checkpoints kept, the newest'),
});

export const runConfigSchema = z
  .strictObject({
    seeds: seedsConfigSchema.prefault({}),
    data: dataConfigSchema.prefault({}),
    model: modelConfigSchema.prefault({}),
    train: trainConfigSchema.prefault({}),
    evaluate: evaluateConfigSchema.prefault({}),
    checkpoint: checkpointConfigSchema.prefault({}),
  })
  .superRefine((run, context) => {
    // Sequences are numbered in 32 bits where they are drawn.
    if (endOf(run.train.trainSequences, run.train.batchSize) >= 2 ** 32) {
      context.addIssue({
        code: 'custom',
        path: ['train', 'trainSequences'],
        message: `must stay below ${2 ** 32}; got ${run.train.trainSequences}`,
      });
    }
    const tokens = 2 * run.data.contextPairs + 1;
    if (run.model.position === 'learned' && tokens > run.model.maxPositions) {
      context.addIssue({
        code: 'custom',
        path: ['model', 'maxPositions'],
        message:
          `must be at least the ${tokens} tokens of data.contextPairs = ${run.data.contextPairs}; ` +
          `got ${run.model.maxPositions}; raise it or take model.position=rope`,
      });
    } else {
      const problem = interventionProblem(run);
      if (problem) context.addIssue({ code: 'custom', path: ['train', 'interventions'], message: problem });
    }
  });

/** What is wrong with interventions for the model they are meant for; nothing where other settings are wrong already. */
function interventionProblem(run: {
  readonly model: ModelConfig;
  readonly data: DataConfig;
  readonly train: TrainConfig;
}): string | undefined {
  if (
    !interventionsSchema.safeParse(run.train.interventions).success ||
    dataProblems(run.data, run.data.source).length > 0
  )
    return undefined;
  try {
    planTraining(modelShape(run, resolveData(run.data, run.data.source)), run.train.interventions);
    return undefined;
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
}

/** What a user may write: everything is optional, defaults are the paper's. */
export type RunConfigInput = z.input<typeof runConfigSchema>;

/** A complete run, every default filled in. Frozen by whoever makes one. */
export type RunConfig = Readonly<Omit<z.output<typeof runConfigSchema>, 'evaluate'>> & {
  readonly evaluate: EvaluateConfig;
};

/** Fills the defaults that depend on other layers and freezes all of it. */
export function completeRunConfig(parsed: z.output<typeof runConfigSchema>): RunConfig {
  return deepFreeze({
    ...parsed,
    evaluate: resolveEvaluateConfig(parsed.evaluate, parsed.data.contextPairs),
  });
}

/** Seeds by what they seed; none for a source that is a file. */
export function seedsOf({
  seeds,
  data,
}: Pick<RunConfig, 'seeds' | 'data'>): Readonly<Record<string, number>> {
  const source = sourceSeed(data.source);
  return source === undefined ? seeds : { ...seeds, source };
}

/** Freezes a tree of plain objects and arrays, and returns it. */
export function deepFreeze<T>(tree: T): T {
  if (typeof tree === 'object' && tree !== null && !Object.isFrozen(tree)) {
    Object.freeze(tree);
    Object.values(tree).forEach(deepFreeze);
  }
  return tree;
}
