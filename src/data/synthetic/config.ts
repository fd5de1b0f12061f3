/** Settings of the embedded exemplar source; what they do to a run is told in docs/ (sigma is the knob that matters). */
import { z } from 'zod';

/** Larger data sets do not fit one typed array on every machine. */
const maxBytes = 2 ** 31 - 1;

export const syntheticSourceSchema = z
  .strictObject({
    kind: z.literal('synthetic').describe('seeded feature vectors, no files needed'),
    classes: z.int().min(2).max(1_000_000).default(12800).describe('rows of the feature matrix'),
    exemplars: z.int().min(1).max(10_000).default(20).describe('exemplars per class'),
    dim: z
      .int()
      .min(8)
      .max(4096)
      .refine((dim) => (dim & (dim - 1)) === 0, {
        error: ({ input }) => `must be a power of two; got ${String(input)}`,
      })
      .default(512)
      .describe('features per exemplar; a power of two'),
    alpha: z
      .number()
      .min(0)
      .max(10)
      .default(2)
      .describe('variance along direction i is proportional to i^-alpha; 0 = isotropic'),
    sigma: z
      .number()
      .min(0)
      .max(100)
      .default(0.8)
      .describe('noise within a class over spread between classes'),
    offset: z.number().min(-1e6).max(1e6).default(0).describe('added to every feature'),
    scale: z
      .number()
      .positive()
      .max(1e6)
      .default(0.6)
      .describe('standard deviation of a feature about the offset'),
    seed: z.int().min(0).default(101).describe('source seed: which feature vectors'),
  })
  .superRefine(({ classes, exemplars, dim }, context) => {
    const bytes = classes * exemplars * dim;
    if (bytes > maxBytes) {
      const message = `classes * exemplars * dim must be at most ${maxBytes}; got ${bytes}; lower one of them`;
      context.addIssue({ code: 'custom', path: ['classes'], message });
    }
  });

export type SyntheticSourceConfig = z.infer<typeof syntheticSourceSchema>;
