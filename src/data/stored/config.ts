/** Settings of an exemplar source that is a file of features, as `iclab data` makes it (`store.ts`). */
import { z } from 'zod';

/** Far more than any has; what they make together is bounded by the file. */
const size = (what: string, least: number) => z.int().min(least).max(1e7).describe(what);

export const storedSourceSchema = z.strictObject({
  kind: z.literal('features').describe('a file of feature vectors, made by iclab data'),
  file: z.string().min(1).max(4096).describe('its path; not part of what the run is, and may change'),
  // The rest stands in the file and is filled in from there.
  name: z.string().max(300).describe('what the features are; filled in from the file'),
  sha256: z
    .string()
    .refine((text) => /^[0-9a-f]{64}$/.test(text), { error: 'must be 64 hexadecimal digits' })
    .describe('checksum of the features; filled in from the file'),
  classes: size('rows of the feature matrix; filled in from the file', 2),
  exemplars: size('exemplars per class; filled in from the file', 1),
  dim: size('features per exemplar; filled in from the file', 1),
});

export type StoredSourceConfig = z.infer<typeof storedSourceSchema>;

/** What a config says of a file of features beside where it is. */
export type FeatureFacts = Omit<StoredSourceConfig, 'kind' | 'file'>;

/** What such a source calls itself. */
export function describeStored({ name, sha256 }: Pick<StoredSourceConfig, 'name' | 'sha256'>): string {
  return `${name} (features ${sha256.slice(0, 12)})`;
}
