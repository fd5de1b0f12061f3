/**
 * From what a user gives (a preset's name or a file, then overrides) to one complete, checked, frozen config: defaults,
 * preset or file, overrides, each laid over the one before.
 */
import type { z } from 'zod';
import { LabError } from '../errors/lab-error.ts';
import { completeRunConfig, type RunConfig, runConfigSchema } from './config.ts';
import { parseOverrides } from './config-overrides.ts';
import { configProblems } from './config-problems.ts';
import { schemaView } from './config-schema-view.ts';
import { parseConfigText } from './config-text.ts';
import { type ConfigNode, nodeFromPlain, overlay, plainFromNode } from './config-tree.ts';
import type { Preset } from './presets/preset.ts';

/** What stands under the overrides. */
export type ConfigBase = { readonly preset: Preset } | { readonly file: string; readonly text: string };

/**
 * @param overrides words of the form `train.batchSize=64`, in any order
 * @throws {LabError} the first problem on one line, with the number of further ones
 */
export function loadConfig(base: ConfigBase, overrides: readonly string[] = []): RunConfig {
  const defaults = nodeFromPlain(runConfigSchema.parse({}), { kind: 'default' });
  const chosen =
    'preset' in base
      ? nodeFromPlain(base.preset.config, { kind: 'preset', name: base.preset.name })
      : parseConfigText(base.text, base.file);
  return checkConfig([chosen, parseOverrides(overrides)].reduce(overlay, defaults), runConfigSchema);
}

function checkConfig(tree: ConfigNode, schema: typeof runConfigSchema): RunConfig {
  const data = plainFromNode(tree);
  const result: z.ZodSafeParseResult<z.output<typeof runConfigSchema>> = schema.safeParse(data);
  if (result.success) return completeRunConfig(result.data);
  const [first, ...others] = configProblems(result.error.issues, tree, data, schemaView(schema));
  const more =
    others.length === 0 ? '' : ` (and ${others.length} more problem${others.length === 1 ? '' : 's'})`;
  throw new LabError(first + more);
}
