/**
 * What training is: batch, length, optimizer, schedule of the rate and regularisation (docs/specification.md, "Model", last
 * paragraphs). Defaults are the paper's. Lengths are in sequences seen, warm-up in optimizer steps; 1 step =
 * `batchSize` sequences.
 */
import { z } from 'zod';
import { interventionsSchema } from '../intervene/intervention.ts';

const rate = z.number().positive().describe('learning rate; with a warm-up, the rate at its end');
/** Above this a decay rounds to 1 in float32, and nothing would be forgotten. */
const decay = z.number().min(0).max(0.999999);

export const optimizerConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('adam'),
    rate: rate.default(1e-5),
    beta1: decay.default(0.9).describe('decay of the running mean of gradients'),
    beta2: decay.default(0.999).describe('decay of the running mean of squared gradients'),
    epsilon: z
      .number()
      .min(1e-12)
      .default(1e-8)
      .describe(
        'added to the root of the second moment; at least 1e-12, for moments below 2^-100 count as 0',
      ),
  }),
  z.strictObject({ kind: z.literal('sgd'), rate: rate.default(1e-2) }),
]);

export const scheduleConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('warmupInverseSqrt').describe('rate * min(s / warmupSteps, sqrt(warmupSteps / s))'),
    warmupSteps: z.int().min(1).default(4000).describe('steps of linear warm-up'),
  }),
  z.strictObject({
    kind: z
      .literal('warmupCosine')
      .describe('linear warm-up, then half a cosine down to finalFraction * rate'),
    warmupSteps: z.int().min(0).default(4000).describe('steps of linear warm-up'),
    decaySteps: z.int().min(1).describe('steps of the cosine after the warm-up; the rate then stays'),
    finalFraction: z.number().min(0).max(1).default(0).describe('last rate over the peak rate'),
  }),
]);

export const l2ConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('squared').describe('lambda * ||theta||^2'),
    lambda: z.number().min(0),
  }),
  z.strictObject({
    kind: z.literal('released').describe("the released code's lambda * sum over tensors of ||tensor||_2"),
    lambda: z.number().min(0),
  }),
]);

export const trainConfigSchema = z.strictObject({
  batchSize: z.int().min(1).max(65536).default(32).describe('sequences per optimizer step'),
  trainSequences: z.int().min(0).default(20_000_000).describe('length of the run, in sequences seen'),
  recordEverySequences: z
    .int()
    .min(1)
    .default(3200)
    .describe('sequences between two records of the mean training loss'),
  optimizer: optimizerConfigSchema.prefault({ kind: 'adam' }),
  schedule: scheduleConfigSchema.prefault({ kind: 'constant' }),
  l2: l2ConfigSchema.prefault({ kind: 'none' }),
  interventions: interventionsSchema
    .optional()
    .describe('what is done to activations while the model learns and is evaluated'),
});

export type OptimizerConfig = z.infer<typeof optimizerConfigSchema>;
export type ScheduleConfig = z.infer<typeof scheduleConfigSchema>;
export type L2Config = z.infer<typeof l2ConfigSchema>;
export type TrainConfig = z.infer<typeof trainConfigSchema>;
