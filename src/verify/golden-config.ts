/** The `config` of a golden file (test/golden/README.md): JSON in the file's metadata, turned into our model shape. */
import { z } from 'zod';
import { dataError, quoted } from '../formats/data-error.ts';
import { parseStrictJson, StrictJsonError } from '../formats/strict-json.ts';
import { type ModelShape, modelConfigSchema } from '../model/config.ts';
import { parameterCount } from '../model/parameters.ts';

/** A golden file is small; what it describes may not make us allocate without bound. */
const maxParameters = 2 ** 24;

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
  batch: size.optional(),
  lr: z.number().positive().optional(),
  initSeed: z.int().min(0).optional(),
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
  return {
    shape,
    batchSize: batch,
    rate: lr,
    initSeed,
  };
}

function fieldsOf(text: string, file: string): unknown {
  try {
    const fields = parseStrictJson(text);
    return fields instanceof Map ? Object.fromEntries(fields) : fields;
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
