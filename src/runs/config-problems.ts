/**
 * A config's mistakes, each as one line: where it was written, which setting, got / expected, what next. Pure: from
 * the schema's issues and the tree's origins to text.
 */
import type { z } from 'zod';
import { printable } from '../formats/data-error.ts';
import { didYouMean, editDistance, nearestName } from '../errors/nearest.ts';
import { expectation, keysOf, kindsOf, type SchemaView, viewAt } from './config-schema-view.ts';
import { type ConfigNode, nearestNode, type Origin } from './config-tree.ts';

type Issue = z.core.$ZodIssue;

/** Characters of a path and of what is said about it. */
const shownLengths = { path: 140, problem: 280 } as const;

/** Mistakes put into words; of a file full of them the first says enough. */
const mostTold = 20;

/**
 * @param root the tree the data came from
 * @param data the plain data that were checked
 * @returns the mistake to begin with (misspelt keys explain missing ones), in one line, and how many there are
 */
export function configProblems(
  issues: readonly Issue[],
  root: ConfigNode,
  data: unknown,
  view: SchemaView,
): { readonly first: string; readonly count: number } {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: issue.path, key })) : [],
  );
  const others = issues.filter(({ code }) => code !== 'unrecognized_keys');
  // The same mistake may be found twice.
  const told = new Set(others.slice(0, mostTold).map((issue) => wrongValue(issue, root, data, view)));
  const [misspelt] = unknown;
  const first = misspelt ? unknownKey(misspelt.path, misspelt.key, root, data, view) : [...told][0];
  return { first, count: unknown.length + told.size + Math.max(0, others.length - mostTold) };
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
      `unknown key of kind ${printable(String(kind), 60)}; ${have} (${where}=${others[0]})`,
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
    `expected ${expected}; ${got === undefined ? 'nothing given' : `got ${shownValue(got)}`}`,
  );
}

/** The kinds of an object that have a setting of just this name. */
function kindsWith(view: SchemaView | undefined, key: string): string[] {
  return (view?.oneOf ?? []).flatMap(({ properties = {} }) => {
    const kind = properties.kind?.const;
    return typeof kind === 'string' && Object.hasOwn(properties, key) ? [kind] : [];
  });
}

/**
 * `file:line:column: path: problem`, or `path: problem (override)`; of a setting that a file leaves as it is, and that
 * does not go with what the file says, `file: path: problem`.
 */
export function located(origin: Origin, path: readonly PropertyKey[], problem: string): string {
  const shownPath = path.length > 0 ? printable(path.map(String).join('.'), shownLengths.path) : 'config';
  const text = `${shownPath}: ${printable(problem, shownLengths.problem)}`;
  const inFile = 'file' in origin ? `${origin.file}: ` : '';
  switch (origin.kind) {
    case 'file':
      return `${origin.file}:${origin.line}:${origin.column}: ${text}`;
    case 'override':
      return `${text} (override)`;
    case 'preset':
      return `${inFile}${text} (preset ${origin.name})`;
    case 'default':
      return `${inFile}${text}`;
  }
}

/** A value as its writer would write it, cut to one readable piece. */
export function shownValue(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${printable(text, 57)}...`.replace(/\.{6}$/, '...') : printable(text, 60);
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
