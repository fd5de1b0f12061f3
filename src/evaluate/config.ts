/** How often and on how much a run is evaluated. What the evaluators are is fixed by docs/specification.md, "Evaluators". */
import { z } from 'zod';

export const evaluateConfigSchema = z.strictObject({
  everySequences: z.int().min(1).default(100_000).describe('training sequences between two evaluations'),
  sequencesPerEvaluator: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("size of each fixed set; the papers' own unless given: 5,000 for 2 pairs, 1,000 for more"),
  perSequence: z.boolean().default(false).describe('also record every metric of every sequence'),
});

/** A config with its set size decided. */
export interface EvaluateConfig {
  readonly everySequences: number;
  readonly sequencesPerEvaluator: number;
  readonly perSequence: boolean;
}

/** Fills the one default that depends on the data: 5,000 sequences for at most 2 pairs, 1,000 for more. */
export function resolveEvaluateConfig(
  config: z.infer<typeof evaluateConfigSchema>,
  contextPairs: number,
): EvaluateConfig {
  return {
    ...config,
    sequencesPerEvaluator: config.sequencesPerEvaluator ?? (contextPairs <= 2 ? 5000 : 1000),
  };
}
