/**
 * A config's mistakes, each as one line: where it was written, which setting, got / expected, what next. Pure: from
 * the schema's issues and the tree's origins to text.
 */
import type { z } from 'zod';
import { didYouMean, editDistance, nearestName } from '../errors/nearest.ts';
import { expectation, keysOf, kindsOf, type SchemaView, viewAt } from './config-schema-view.ts';
import { type ConfigNode, nearestNode, type Origin } from './config-tree.ts';

type Issue = z.core.$ZodIssue;

/**
 * @param root the tree the data came from
 * @param data the plain data that were checked
 * @returns one line per mistake, in the order to be read: misspelt keys first (they explain missing ones)
 */
export function configProblems(
  issues: readonly Issue[],
  root: ConfigNode,
  data: unknown,
  view: SchemaView,
): string[] {
  const unknown: string[] = [];
  const others: string[] = [];
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) unknown.push(unknownKey(issue.path, key, root, data, view));
    } else {
      others.push(wrongValue(issue, root, data, view));
    }
  }
  return [...unknown, ...new Set(others)];
}

function unknownKey(
  path: readonly PropertyKey[],
  key: string,
  root: ConfigNode,
  data: unknown,
  view: SchemaView,
): string {
  const place = viewAt(view, path, data);
  const keys = place ? keysOf(place, nearestData(data, path)) : [];
  const near = nearestName(key, keys);
  const others = kindsWith(viewAt(view, path, data), key);
  if (others.length > 0) {
    const kind = nearestData(data, [...path, 'kind']);
    const where = [...path, 'kind'].map(String).join('.');
    const have = others.length === 1 ? `kind ${others[0]} has it` : `kinds ${others.join(', ')} have it`;
    return located(
      nearestNode(root, [...path, key]).origin,
      [...path, key],
      `unknown key of kind ${String(kind)}; ${have} (${where}=${others[0]})`,
    );
  }
  const [elsewhere] = pathsNamed(view, key).filter((other) => other !== [...path, key].join('.'));
  // A setting of just this name in another place beats a vague likeness here: `rate` is train.optimizer.rate.
  const isVague = near === undefined || editDistance(near.toLowerCase(), key.toLowerCase()) > 1;
  const hint = isVague && elsewhere !== undefined ? `; did you mean "${elsewhere}"?` : didYouMean(key, keys);
  return located(
    nearestNode(root, [...path, key]).origin,
    [...path, key],
    `unknown key${hint} (keys: ${keys.join(', ')})`,
  );
}

function wrongValue(issue: Issue, root: ConfigNode, data: unknown, view: SchemaView): string {
  const { path } = issue;
  const { origin } = nearestNode(root, path);
  if (issue.code === 'custom') return located(origin, path, issue.message);
  const got = nearestData(data, path);
  const place = viewAt(view, path, data);
  const expected = place
    ? expectation(place)
    : `one of ${kindsOf(viewAt(view, path.slice(0, -1), data)).join(', ')}`;
  return located(
    origin,
    path,
    `expected ${expected}; ${got === undefined ? 'nothing given' : `got ${shown(got)}`}`,
  );
}

/** The kinds of an object that have a setting of just this name. */
function kindsWith(view: SchemaView | undefined, key: string): string[] {
  return (view?.oneOf ?? []).flatMap(({ properties = {} }) => {
    const kind = properties.kind?.const;
    return typeof kind === 'string' && Object.hasOwn(properties, key) ? [kind] : [];
  });
}

/** `file:line:column: path: problem`, or `path: problem (override)`. */
export function located(origin: Origin, path: readonly PropertyKey[], problem: string): string {
  const text = `${path.length > 0 ? path.map(String).join('.') : 'config'}: ${problem}`;
  switch (origin.kind) {
    case 'file':
      return `${origin.file}:${origin.line}:${origin.column}: ${text}`;
    case 'override':
      return `${text} (override)`;
    case 'preset':
      return `${text} (preset ${origin.name})`;
    case 'default':
      return text;
  }
}

/** A value as its writer would write it, cut to one readable piece. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function nearestData(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}

/** Full paths of settings that have just this name, anywhere: `rate` is `train.optimizer.rate`. */
function pathsNamed(view: SchemaView, name: string, path: readonly string[] = []): string[] {
  return (view.oneOf ?? view.anyOf ?? [view]).flatMap((option) =>
    Object.entries(option.properties ?? {}).flatMap(([key, child]) => {
      const here = [...path, key];
      const isIt = key.toLowerCase() === name.toLowerCase();
      return [...(isIt ? [here.join('.')] : []), ...pathsNamed(child, name, here)];
    }),
  );
}
