/** What one command starts: a run, or several that differ in their preset or file, or in their seeds. */
import { basename, resolve } from 'node:path';
import { LabError } from '../errors/lab-error.ts';
import { nearestName } from '../errors/nearest.ts';
import { deepFreeze, type RunConfig } from '../runs/config.ts';
import { looksLikeOverride } from '../runs/config-overrides.ts';
import { type ConfigBase, loadConfig } from '../runs/load-config.ts';
import { presetNamed, presets } from '../runs/presets/index.ts';
import { defaultRunFolder } from '../runs/run-folder.ts';
import type { RunFlags } from './flags.ts';
import { baseNamed, isBase, labelOf, seedOverrides } from './run-words.ts';

/** What the command line calls a run, its settings, its folder. */
export interface ListedRun {
  /** What sets it apart in this command: `quick`, `seed 101`, `quick seed 101`. */
  readonly name: string;
  readonly config: RunConfig;
  readonly folder: string;
}

export type SeedFlags = Pick<RunFlags, 'seed' | 'seeds' | 'runs'>;

const mostSeed = 2 ** 32 - 1;

/**
 * The same settings for every seed that the flags name; without such flags, once, as they are.
 * @throws {LabError} exit code 64
 */
export function configsForSeeds(
  base: ConfigBase,
  overrides: readonly string[],
  { seed, seeds, runs }: SeedFlags,
): RunConfig[] {
  if (seeds !== undefined) {
    const other = seed !== undefined ? '--seed' : runs !== undefined ? '--runs' : undefined;
    if (other !== undefined) throw new LabError(`${other}, --seeds: both say which seeds to take; keep one`);
    return seeds.map((each) => withSeed(base, overrides, each));
  }
  const first = withSeed(base, overrides, seed);
  return Array.from({ length: runs ?? 1 }, (_, more) => countedUp(first, more));
}

function withSeed(base: ConfigBase, overrides: readonly string[], seed: number | undefined): RunConfig {
  if (seed === undefined) return loadConfig(base, overrides);
  const { source } = loadConfig(base, overrides).data;
  return loadConfig(base, [...overrides, ...seedOverrides(seed, source)]);
}

/** The seeds that `--seed` sets, each greater by `more`. */
function countedUp(config: RunConfig, more: number): RunConfig {
  if (more === 0) return config;
  const { seeds, data } = config;
  const { source } = data;
  const greater = (seed: number) => {
    if (seed + more <= mostSeed) return seed + more;
    throw new LabError(`--runs: a seed would pass ${mostSeed}; give a smaller --seed`);
  };
  const counted: RunConfig = {
    ...config,
    seeds: { ...seeds, init: greater(seeds.init), train: greater(seeds.train) },
    data: source.kind === 'synthetic' ? { ...data, source: { ...source, seed: greater(source.seed) } } : data,
  };
  return deepFreeze(counted);
}

/** Presets and files, which come first, then settings. */
async function splitWords(words: readonly string[]): Promise<{ bases: string[]; overrides: string[] }> {
  const bases: string[] = [];
  const overrides: string[] = [];
  for (const word of words) {
    if (looksLikeOverride(word)) overrides.push(word);
    else if (bases.length === 0 && overrides.length === 0) bases.push(word);
    else if (await isBase(word)) {
      if (overrides.length > 0)
        throw new LabError(`"${word}": presets and files come first, then settings as key=value`);
      bases.push(word);
    } else if (
      nearestName(
        word,
        presets.map(({ name }) => name),
      ) !== undefined
    )
      presetNamed(word);
    else overrides.push(word); // what reads them says what is wrong with it
  }
  return { bases, overrides };
}

/**
 * @param words presets or files (default: the preset `quick`), then settings for all of them
 * @throws {LabError} exit code 64, also where two runs would be one
 */
export async function readRunList(
  words: readonly string[],
  flags: SeedFlags & Pick<RunFlags, 'out'>,
): Promise<ListedRun[]> {
  const { bases, overrides } = await splitWords(words);
  const named = bases.length > 0 ? bases : ['quick'];
  const found: { label: string; config: RunConfig }[] = [];
  for (const name of named) {
    for (const config of configsForSeeds(await baseNamed(name), overrides, flags))
      found.push({ label: labelOf(name), config });
  }
  const isOne = found.length === 1;
  const hasSeeds = found.length > named.length;
  const list = found.map(({ label, config }) => {
    const own = defaultRunFolder(label, config);
    const seed = `seed ${config.seeds.init}`;
    return {
      name: [...(named.length > 1 ? [label] : []), ...(hasSeeds ? [seed] : [])].join(' ') || label,
      config,
      folder: flags.out === undefined ? own : isOne ? flags.out : own.replace(/^runs/, flags.out),
    };
  });
  assertApart(list);
  const areApart = new Set(list.map(({ name }) => name)).size === list.length;
  return areApart ? list : list.map((run) => ({ ...run, name: basename(run.folder) }));
}

/** @throws {LabError} exit code 64 where two runs have a folder in common */
export function assertApart(runs: readonly ListedRun[]): void {
  const seen = new Map<string, string>();
  for (const { name, folder } of runs) {
    const other = seen.get(resolve(folder));
    if (other !== undefined) {
      throw new LabError(
        `${folder}: of two runs of this command (${other}, ${name}), which are the same but perhaps in length; give each once`,
      );
    }
    seen.set(resolve(folder), name);
  }
}
