/** The run folders under a folder, and which of them a word means: a path, a name or an id. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { LabError } from '../errors/lab-error.ts';
import { nearestName } from '../errors/nearest.ts';
import { configFile, ownersAmong } from './run-files.ts';
import { readRunId } from './run-folder.ts';
import { runIdLength, shortestRunId } from './run-id.ts';
import { cannotRead, systemCode } from './storage/commit-file.ts';
import type { Storage } from './storage/storage.ts';

export interface FoundRun {
  /** As it can be typed: the root it was found under, then its path there. */
  readonly folder: string;
  /** The folder's own name, or of a run inside a reproduction that one's. */
  readonly name: string;
  /** Undefined where no record of a start can be read. */
  readonly id: string | undefined;
}

/** Where `train` and `reproduce` put runs that were not given a folder. */
export const defaultRoots: readonly string[] = ['runs', 'reproduction'];

/** Folders of folders of runs are looked through, but not whole disks. */
const deepest = 5;

/** The folder a run of `reproduce` has within that of its report. */
export const reproducedRun = 'run';

export function runName(folder: string): string {
  const path = resolve(folder);
  return basename(path) === reproducedRun ? basename(dirname(path)) : basename(path);
}

/**
 * Every run folder under the roots, in order of their paths. Roots that are not there have none.
 * @throws {LabError} exit code 65 where a folder cannot be read
 */
export async function findRuns(
  storage: Storage,
  roots: readonly string[] = defaultRoots,
): Promise<FoundRun[]> {
  const folders = new Set<string>();
  for (const root of roots) for await (const folder of runFolders(root, 0)) folders.add(folder);
  return Promise.all([...folders].map((folder) => foundRun(storage, folder)));
}

async function* runFolders(folder: string, depth: number): AsyncGenerator<string> {
  const entries = await entriesOf(folder);
  if (isRunFolder(entries.map(({ name }) => name))) {
    yield folder;
    return;
  }
  if (depth >= deepest) return;
  const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  for (const { name } of below.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (name !== 'node_modules') yield* runFolders(folder === '.' ? name : `${folder}/${name}`, depth + 1);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw cannotRead(folder, error);
  }
}

/** A frozen config beside the mark of a start: other programs have a config.json too. */
function isRunFolder(names: readonly string[]): boolean {
  return names.includes(configFile) && ownersAmong(names).length > 0;
}

async function foundRun(storage: Storage, folder: string): Promise<FoundRun> {
  return { folder, name: runName(folder), id: await readRunId(storage, folder) };
}

/**
 * The run that a word means: the path of its folder (or of the reproduction it belongs to), its name or id, or the
 * beginning of its id.
 * @throws {LabError} exit code 64 where there is none, or more than one
 */
export async function resolveRun(
  storage: Storage,
  word: string,
  roots: readonly string[] = defaultRoots,
): Promise<FoundRun> {
  for (const folder of [word, `${word}/${reproducedRun}`]) {
    const names = (await entriesOf(folder)).map(({ name }) => name);
    if (isRunFolder(names)) return foundRun(storage, folder.replace(/(?<=.)\/+$/, ''));
  }
  const runs = await findRuns(storage, roots);
  const isIdStart = word.length >= shortestRunId && word.length <= runIdLength;
  const meant = [
    runs.filter(({ name }) => name === word),
    runs.filter(({ id }) => isIdStart && id?.startsWith(word) === true),
  ].find((found) => found.length > 0);
  if (meant?.length === 1) return meant[0];
  if (meant) {
    const folders = meant.map(({ folder }) => folder).join(', ');
    throw new LabError(`"${word}": ${meant.length} runs are called so: ${folders}; give the folder`);
  }
  throw new LabError(`"${word}": ${await nothingOfThatName(word, runs, roots)}`);
}

async function nothingOfThatName(
  word: string,
  runs: readonly FoundRun[],
  roots: readonly string[],
): Promise<string> {
  if ((await entriesOf(word)).length > 0) {
    const next = await runFolders(word, 0).next();
    const first = next.done === true ? undefined : next.value;
    return first === undefined
      ? 'a folder without a run in it'
      : `a folder of runs; give one of them, like ${first}`;
  }
  if (runs.length === 0) {
    return `no run of that name or id: there are none in ${roots.join(' or ')}; give its folder, or start one (iclab train smoke)`;
  }
  const near = nearestName(
    word,
    runs.map(({ name }) => name),
  );
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `no run of that name or id${hint} (iclab runs lists all ${runs.length})`;
}
