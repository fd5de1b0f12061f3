/**
 * From what a user gives (a preset's name or a file, then overrides) to one complete, checked, frozen config: defaults,
 * preset or file (which may itself name a preset), overrides, each laid over the one before.
 */
import type { z } from 'zod';
import type { FeatureFacts } from '../data/stored/config.ts';
import { LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { completeRunConfig, type RunConfig, runConfigSchema } from './config.ts';
import { parseOverrides } from './config-overrides.ts';
import { configProblems, located, shownValue } from './config-problems.ts';
import { schemaView } from './config-schema-view.ts';
import { configLimits, parseConfigText } from './config-text.ts';
import { type ConfigNode, nearestNode, nodeFromPlain, overlay, plainFromNode } from './config-tree.ts';
import { presets } from './presets/index.ts';
import type { Preset } from './presets/preset.ts';

/** What stands under the overrides. */
export type ConfigBase = ({ readonly preset: Preset } | { readonly file: string; readonly text: string }) & {
  /** What a file of features says of itself, where files can be read. @throws {LabError} where it cannot */
  readonly featureFacts?: (file: string) => FeatureFacts;
};

/**
 * @param overrides words of the form `train.batchSize=64`, in any order
 * @throws {LabError} the first problem on one line, with the number of further ones
 */
export function loadConfig(base: ConfigBase, overrides: readonly string[] = []): RunConfig {
  const file = 'file' in base ? { file: base.file } : {};
  const defaults = nodeFromPlain(runConfigSchema.parse({}), { kind: 'default', ...file });
  const chosen =
    'preset' in base
      ? [presetNode(base.preset)]
      : fileNodes(parseConfigText(base.text, base.file), base.file);
  const tree = [...chosen, parseOverrides(overrides)].reduce(overlay, defaults);
  return checkConfig(withFeatureFacts(tree, base.featureFacts), runConfigSchema);
}

/** The tree with what the file of features it names says of itself, beneath what the tree says. */
function withFeatureFacts(tree: ConfigNode, factsOf: ConfigBase['featureFacts']): ConfigNode {
  const source = nearestNode(tree, ['data', 'source']);
  const at = (key: string) => (source.kind === 'object' ? source.entries.get(key) : undefined);
  const [kind, file] = [at('kind'), at('file')];
  const isFile = kind?.kind === 'value' && kind.value === 'features' && file?.kind === 'value';
  if (!factsOf || !isFile || typeof file.value !== 'string') return tree;
  const facts = nodeFromPlain({ kind: 'features', ...factsOf(file.value) }, file.origin);
  const entries = new Map([['source', overlay(facts, source)]]);
  const data: ConfigNode = { kind: 'object', entries, origin: file.origin };
  return overlay(tree, { kind: 'object', entries: new Map([['data', data]]), origin: file.origin });
}

function presetNode({ name, config }: Preset, file?: string): ConfigNode {
  return nodeFromPlain(config, { kind: 'preset', name, ...(file === undefined ? {} : { file }) });
}

/** A file's settings, on top of the preset that its `preset` key names where it has one. */
function fileNodes(root: ConfigNode, file: string): ConfigNode[] {
  const named = root.kind === 'object' ? root.entries.get('preset') : undefined;
  if (root.kind !== 'object' || named === undefined) return [root];
  const name = named.kind === 'value' ? named.value : undefined;
  const preset = presets.find((candidate) => candidate.name === name);
  if (!preset) {
    const names = presets.map((candidate) => candidate.name);
    const hint =
      typeof name === 'string' && name.length <= configLimits.keyLength ? didYouMean(name, names) : '';
    const problem = `expected one of ${names.join(', ')}; got ${shownValue(plainFromNode(named))}${hint}`;
    throw new LabError(located(named.origin, ['preset'], problem));
  }
  const own = new Map([...root.entries].filter(([key]) => key !== 'preset'));
  return [presetNode(preset, file), { ...root, entries: own }];
}

function checkConfig(tree: ConfigNode, schema: typeof runConfigSchema): RunConfig {
  const data = plainFromNode(tree);
  const result: z.ZodSafeParseResult<z.output<typeof runConfigSchema>> = schema.safeParse(data);
  if (result.success) return completeRunConfig(result.data);
  const { first, count } = configProblems(result.error.issues, tree, data, schemaView(schema));
  const more = count === 1 ? '' : ` (and ${count - 1} more problem${count === 2 ? '' : 's'})`;
  throw new LabError(first + more);
}
