/**
 * A config's identity, and what of it may change when a run goes on: its length and its schedules (SPEC.md, "Runs").
 * Everything else decides the numbers and is part of the hash.
 */
import { createHash } from 'node:crypto';
import type { RunConfig } from './config.ts';

/** Settings that say how long and how often, not what: a run may go on with others. */
export const growableSettings = [
  'train.trainSequences',
  'train.recordEverySequences',
  'evaluate.everySequences',
  'checkpoint.everySequences',
  'checkpoint.snapshotEverySequences',
  'checkpoint.earlySnapshotEverySequences',
  'checkpoint.earlySnapshotUntilSequences',
  'checkpoint.keep',
] as const;

/** Where a run finds its features, not which they are: it may go on with them elsewhere. */
const movable = 'data.source.file';

type Plain =
  | null
  | boolean
  | number
  | string
  | readonly Plain[]
  | { readonly [key: string]: Plain | undefined };

/** JSON with keys in sorted order and no white space: the same data always give the same text. */
export function canonicalJson(value: unknown): string {
  const plain = value as Plain;
  if (Array.isArray(plain)) return `[${plain.map(canonicalJson).join(',')}]`;
  if (typeof plain === 'object' && plain !== null) {
    const members = Object.entries(plain)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(plain);
}

/** First 12 hexadecimal digits of the SHA-256 of the config without its growable settings. */
export function configHash(config: RunConfig): string {
  const settings = [...flatten(config)]
    .filter(([path]) => !isGrowable(path))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(canonicalJson(settings)).digest('hex').slice(0, 12);
}

export interface ConfigDifference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Settings in which two configs differ, in sorted order; `undefined` where one lacks the setting. */
export function configDifferences(before: RunConfig, after: RunConfig): ConfigDifference[] {
  const [a, b] = [flatten(before), flatten(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .toSorted()
    .filter((path) => canonicalJson(a.get(path) ?? null) !== canonicalJson(b.get(path) ?? null))
    .map((path) => ({ path, before: a.get(path), after: b.get(path) }));
}

export function isGrowable(path: string): boolean {
  return path === movable || (growableSettings as readonly string[]).includes(path);
}

/** Leaves by dotted path; empty objects and lists are leaves, and a list's length always shows. */
function flatten(tree: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  const isTree = typeof tree === 'object' && tree !== null && Object.keys(tree).length > 0;
  if (!isTree) {
    into.set(path, tree);
    return into;
  }
  for (const [key, child] of Object.entries(tree)) {
    if (child !== undefined) flatten(child, path === '' ? key : `${path}.${key}`, into);
  }
  return into;
}
