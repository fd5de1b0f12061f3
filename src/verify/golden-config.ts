/** The `config` of a golden file (test/golden/README.md): JSON in the file's metadata, turned into our model shape. */
import { z } from 'zod';
import { dataError, quoted } from '../formats/data-error.ts';
import { parseStrictJson, plainJson, StrictJsonError } from '../formats/strict-json.ts';
import { type ModelShape, modelConfigSchema } from '../model/config.ts';
import { parameterCount } from '../model/parameters.ts';
import { siteSizes, siteTable } from '../model/sites.ts';

/** A golden file is small; what it describes may not make us allocate without bound. */
const maxParameters = 2 ** 24;
/** Numbers in all activations of one batch. */
const maxActivations = 2 ** 24;

const size = z
  .int()
  .min(1)
  .max(2 ** 24);

const goldenConfigSchema = z.strictObject({
  depth: size,
  dModel: size,
  /** Starting weights do not depend on it. */
  heads: size.default(1),
  mlpRatio: z.int().min(0).default(0),
  norm: z.boolean().default(true),
  position: z.string().default('learned'),
  time: z.number().default(30),
  maxPositions: size.default(32),
  initScale: z.number().default(1),
  classes: size,
  exampleDim: size,
  /** Nor on it. */
  pairs: size.default(1),
  batch: size.max(65_536).optional(),
  lr: z.number().positive().optional(),
  initSeed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional(),
});

export interface GoldenConfig {
  readonly shape: ModelShape;
  /** Sequences per batch. */
  readonly batchSize: number | undefined;
  /** Learning rate of the 20 Adam steps. */
  readonly rate: number | undefined;
  /** Seed of a file of random numbers and starting weights. */
  readonly initSeed: number | undefined;
}

/** @throws LabError (exit code 65) `file: config.field: problem` */
export function readGoldenConfig(text: string | undefined, file: string): GoldenConfig {
  if (text === undefined) throw dataError(file, '__metadata__.config', 'missing; is this a golden file?');
  const { classes, exampleDim, pairs, batch, lr, initSeed, time, ...model } = valid(
    goldenConfigSchema,
    fieldsOf(text, file),
    file,
  );
  const shape: ModelShape = {
    ...valid(modelConfigSchema, { ...model, positionTime: time }, file),
    labels: classes,
    exampleDim,
    contextPairs: pairs,
  };
  const tokens = 2 * pairs + 1;
  if (shape.position === 'learned' && tokens > shape.maxPositions) {
    throw dataError(file, 'config.maxPositions', `${shape.maxPositions} rows for ${tokens} tokens`);
  }
  if (parameterCount(shape) > maxParameters) {
    throw dataError(file, 'config', `${parameterCount(shape)} parameters, more than ${maxParameters}`);
  }
  const activations = activationCount(shape, batch ?? 1);
  if (activations > maxActivations) {
    throw dataError(file, 'config', `${activations} activations in a batch, more than ${maxActivations}`);
  }
  return {
    shape,
    batchSize: batch,
    rate: lr,
    initSeed,
  };
}

function activationCount(shape: ModelShape, batch: number): number {
  return siteTable(shape).reduce(
    (sum, site) => sum + siteSizes(shape, site, batch).reduce((product, dim) => product * dim, 1),
    0,
  );
}

function fieldsOf(text: string, file: string): unknown {
  try {
    return plainJson(parseStrictJson(text));
  } catch (error) {
    if (error instanceof StrictJsonError) throw dataError(file, '__metadata__.config', error.message);
    throw error;
  }
}

function valid<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue.code === 'unrecognized_keys')
    throw dataError(file, 'config', `unknown field ${quoted(issue.keys[0])}`);
  const path = issue.path.map((part) => (part === 'positionTime' ? 'time' : part));
  throw dataError(file, ['config', ...path].join('.'), issue.message);
}
