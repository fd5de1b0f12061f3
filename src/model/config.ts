/** What a model is: its shape and variants (docs/specification.md, "Model"). Everything else about a run lives elsewhere. */
import { z } from 'zod';

const size = (what: string) => z.int().min(1).describe(what);

export const modelConfigSchema = z
  .strictObject({
    depth: z.int().min(1).max(64).default(2).describe('number of transformer blocks'),
    dModel: size('width of the residual stream').max(4096).default(64),
    heads: size('attention heads; must divide dModel').max(256).default(8),
    mlpRatio: z
      .int()
      .min(0)
      .max(16)
      .default(0)
      .describe('hidden width of the MLP over dModel; 0 = attention only'),
    norm: z.boolean().default(true).describe('pre-LayerNorm in each block and a final one'),
    position: z
      .enum(['learned', 'sinusoidal', 'rope'])
      .default('learned')
      .describe('how places are told apart'),
    positionTime: z
      .number()
      .min(1)
      .max(1e6)
      .default(30)
      .describe('time constant of sinusoidal and rotary positions'),
    maxPositions: size('rows of the learned position table').max(65536).default(32),
    initScale: z.number().positive().default(1).describe('multiplies every initial weight matrix and table'),
  })
  .superRefine((model, context) => {
    const headDim = model.dModel / model.heads;
    if (!Number.isInteger(headDim)) {
      context.addIssue({
        code: 'custom',
        path: ['heads'],
        message: `must divide model.dModel = ${model.dModel}; got ${model.heads}`,
      });
    } else if (model.position === 'rope' && headDim % 2 !== 0) {
      context.addIssue({
        code: 'custom',
        path: ['heads'],
        message: `rope needs an even head dimension; got dModel / heads = ${headDim}`,
      });
    }
  });

export type ModelConfig = z.infer<typeof modelConfigSchema>;

/** A model's config together with what the data decide: how many labels, features and tokens there are. */
export interface ModelShape extends ModelConfig {
  readonly labels: number;
  readonly exampleDim: number;
  /** Pairs before the query; tokens = 2 * contextPairs + 1. */
  readonly contextPairs: number;
}
