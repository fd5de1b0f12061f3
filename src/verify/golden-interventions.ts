/** Golden files of interventions: one model and batch, and what the released code makes of them under many settings. */
import { z } from 'zod';
import { dataError, quoted } from '../formats/data-error.ts';
import { parseStrictJson, plainJson, StrictJsonError } from '../formats/strict-json.ts';
import { LabError } from '../errors/lab-error.ts';
import { type Intervention, interventionSchema } from '../intervene/intervention.ts';
import { planInterventions } from '../intervene/plan.ts';
import type { ModelShape } from '../model/config.ts';
import type { GoldenConfig } from './golden-config.ts';
import type { GoldenBatch, NamedNumbers } from './golden-batch.ts';
import type { TensorReader } from './golden-tensors.ts';

/** What a setting must give. */
export interface GoldenSetting {
  readonly name: string;
  readonly interventions: readonly Intervention[];
  /** `[batch, labels]` at the query. */
  readonly queryLogits: Float64Array;
  /** `[batch, contextPairs]`: where given, these are compared instead. */
  readonly contextLogits: Float64Array | undefined;
  readonly loss: number | undefined;
  readonly gradients: NamedNumbers;
}

export interface GoldenInterventions {
  readonly kind: 'interventions';
  readonly shape: ModelShape;
  readonly batch: GoldenBatch;
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Weights of the one donor; empty where no setting has one. */
  readonly donor: ReadonlyMap<string, Float32Array>;
  readonly settings: readonly GoldenSetting[];
}

/** What a graft in these files calls its donor: there is one. */
export const goldenDonor = { run: 'donor', sequences: 0 } as const;

const settingsSchema = z.record(
  z.string(),
  z.object({ interventions: z.array(z.record(z.string(), z.unknown())) }),
);

/** @throws LabError (exit code 65) `file: field: problem` */
export function readInterventions(
  reader: TensorReader,
  { shape, batchSize }: GoldenConfig,
  metadata: string,
  file: string,
): GoldenInterventions {
  if (batchSize === undefined) throw dataError(file, 'config.batch', 'missing');
  const specs = readSpecs(metadata, file);
  for (const [name, interventions] of specs) assertFitting(shape, name, interventions, file);
  const parameters = rounded(reader.parameters('param.'));
  const donor = rounded(reader.parameters('donor.param.', true));
  const places = shape.contextPairs + 1;
  const labels = reader.take('batch.labels', [batchSize, places]).values;
  const bad = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= shape.labels);
  if (bad >= 0)
    throw reader.fail('batch.labels', `element ${bad} is ${labels[bad]}, not one of ${shape.labels} labels`);
  const examples = reader.take('batch.examples', [batchSize, places, shape.exampleDim]).values;
  const settings = [...specs].map(([name, interventions]) =>
    readSetting(reader, shape, batchSize, name, interventions),
  );
  reader.finish();
  return {
    kind: 'interventions',
    shape,
    batch: { size: batchSize, examples: Float32Array.from(examples), labels: Int32Array.from(labels) },
    parameters,
    donor,
    settings,
  };
}

function readSetting(
  reader: TensorReader,
  shape: ModelShape,
  batch: number,
  name: string,
  interventions: readonly Intervention[],
): GoldenSetting {
  const prefix = `intervene.${name}.`;
  const optional = (tensor: string, sizes: readonly number[]) =>
    reader.has(prefix + tensor) ? reader.take(prefix + tensor, sizes).values : undefined;
  return {
    name,
    interventions,
    queryLogits: reader.take(`${prefix}queryLogits`, [batch, shape.labels]).values,
    contextLogits: optional('contextLogits', [batch, shape.contextPairs]),
    loss: optional('loss', [1])?.[0],
    gradients: reader.parameters(`${prefix}grad.`, true),
  };
}

function rounded(tensors: ReadonlyMap<string, Float64Array>): Map<string, Float32Array> {
  return new Map([...tensors].map(([name, values]) => [name, Float32Array.from(values)]));
}

function readSpecs(metadata: string, file: string): Map<string, readonly Intervention[]> {
  let fields: unknown;
  try {
    fields = plainJson(parseStrictJson(metadata, 8));
  } catch (error) {
    if (error instanceof StrictJsonError) throw dataError(file, 'interventions', error.message);
    throw error;
  }
  const listed = settingsSchema.safeParse(fields);
  if (!listed.success) throw dataError(file, 'interventions', 'not lists of interventions by name');
  return new Map(
    Object.entries(listed.data).map(([name, { interventions }]) => [
      name,
      interventions.map((spec) => {
        const isGraft = spec.kind === 'graftIn' || spec.kind === 'graftOut';
        const result = interventionSchema.safeParse(isGraft ? { ...spec, ...goldenDonor } : spec);
        if (result.success) return result.data;
        throw dataError(file, `interventions.${quoted(name)}`, result.error.issues[0].message);
      }),
    ]),
  );
}

/** @throws LabError (exit code 65) where the model is not one that this can be done to */
function assertFitting(
  shape: ModelShape,
  name: string,
  interventions: readonly Intervention[],
  file: string,
): void {
  try {
    planInterventions(shape, interventions);
  } catch (error) {
    if (error instanceof LabError) throw dataError(file, quoted(name), error.message);
    throw error;
  }
}
