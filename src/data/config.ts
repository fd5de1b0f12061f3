/**
 * What a run's data are: where exemplars come from, and which sequences are made of them (docs/specification.md, "Data"). Defaults
 * are those of the paper's main run. The training seed is not here: one config can be run under many seeds.
 */
import { z } from 'zod';
import { dataProblems } from './data-problems.ts';
import { plainBursty, relabelings } from './sequence-distribution.ts';
import { storedSourceSchema } from './stored/config.ts';
import { syntheticSourceSchema } from './synthetic/config.ts';

/** Where feature vectors come from. */
export const exemplarSourceSchema = z.discriminatedUnion('kind', [syntheticSourceSchema, storedSourceSchema]);

export type ExemplarSourceConfig = z.infer<typeof exemplarSourceSchema>;

/** The seed of a source that is drawn; undefined where features come from a file. */
export function sourceSeed(source: ExemplarSourceConfig): number | undefined {
  return source.kind === 'synthetic' ? source.seed : undefined;
}

/** The fields that say what a sequence is: once as a run's own, once as what a part of a mixture changes. */
const distributionFields = {
  burstiness: z
    .int()
    .min(0)
    .describe("context places that show the query's class; as many show a distractor class"),
  distractor: z.boolean().describe('whether one other class also fills burstiness places'),
  noSupport: z.boolean().describe("the other context places avoid the query's and the distractor's class"),
  uniqueRest: z.boolean().describe('as noSupport, and these places show distinct classes'),
  queryLabelInContext: z.boolean().describe("one context place, uniformly chosen, shows the query's label"),
  relabel: z
    .enum(relabelings)
    .describe("labels of the query's and the distractor's class, drawn anew per sequence"),
  matchExemplars: z.boolean().describe("the query's exemplar is also the one its class shows in the context"),
  zipfExponent: z.number().min(0).max(10).describe('class probability is rank^-exponent; 0 = uniform'),
};

const mixtureComponentSchema = z.strictObject({
  probability: z.number().gt(0).max(1).describe('share of the sequences that are of this kind'),
  burstiness: distributionFields.burstiness.exactOptional(),
  distractor: distributionFields.distractor.exactOptional(),
  noSupport: distributionFields.noSupport.exactOptional(),
  uniqueRest: distributionFields.uniqueRest.exactOptional(),
  queryLabelInContext: distributionFields.queryLabelInContext.exactOptional(),
  relabel: distributionFields.relabel.exactOptional(),
  matchExemplars: distributionFields.matchExemplars.exactOptional(),
  zipfExponent: distributionFields.zipfExponent.exactOptional(),
});

export const dataConfigSchema = z
  .strictObject({
    source: exemplarSourceSchema.prefault({ kind: 'synthetic' }).describe('where feature vectors come from'),
    contextPairs: z
      .int()
      .min(2, {
        error: ({ input }) =>
          `must be at least 2, or there is nothing to choose between; got ${String(input)}`,
      })
      .max(1024)
      .default(2)
      .describe('exemplar-label pairs before the query'),
    burstiness: distributionFields.burstiness.default(plainBursty.burstiness),
    distractor: distributionFields.distractor.default(plainBursty.distractor),
    noSupport: distributionFields.noSupport.default(plainBursty.noSupport),
    uniqueRest: distributionFields.uniqueRest.default(plainBursty.uniqueRest),
    queryLabelInContext: distributionFields.queryLabelInContext.default(plainBursty.queryLabelInContext),
    relabel: distributionFields.relabel.default(plainBursty.relabel),
    matchExemplars: distributionFields.matchExemplars.default(plainBursty.matchExemplars),
    zipfExponent: distributionFields.zipfExponent.default(plainBursty.zipfExponent),
    exemplarNoise: z
      .number()
      .min(0)
      .default(0)
      .describe('sigma of Gaussian noise added whenever training shows an exemplar'),
    classes: z
      .int()
      .min(2)
      .exactOptional()
      .describe('rows of the source that are used, from the first; all by default'),
    exemplars: z.int().min(1).exactOptional().describe('exemplars per class that are used; all by default'),
    labels: z.int().min(1).exactOptional().describe('labels of the model; one per class by default'),
    mixture: z
      .array(mixtureComponentSchema)
      .default([])
      .describe(
        'kinds of sequences and their probabilities; each changes fields of the run; empty = one kind',
      ),
  })
  .superRefine((data, context) => {
    for (const { path, message } of dataProblems(data, data.source)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

export type DataConfig = z.infer<typeof dataConfigSchema>;
