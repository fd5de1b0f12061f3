/** Runs to be compared, sorted by their settings: those that differ in nothing but seeds are one group. Pure. */
import { LabError } from '../../../src/errors/lab-error.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { type RunConfig, seedsOf } from '../../../src/runs/config.ts';
import { canonicalJson, configDifferences, isGrowable } from '../../../src/runs/config-hash.ts';
import { loadConfig } from '../../../src/runs/load-config.ts';
import { nearestPreset } from '../../../src/runs/nearest-preset.ts';
import { presetNamed } from '../../../src/runs/presets/index.ts';
import type { RunInfo } from '../scale.ts';
import { typedSetting } from '../settings.ts';

export interface ComparedRun {
  /** Its `name` must differ from the others'. */
  readonly info: RunInfo;
  readonly config: RunConfig;
  readonly table: MetricsTable;
}

export interface RunGroup {
  /** What sets it apart: the name of a run, its settings in words, or `mean` where there is nothing to tell apart. */
  readonly label: string;
  /** The settings in which groups differ, as this one has them. */
  readonly settings: readonly string[];
  /** The same in as few words as there are: those settings, or the nearest preset and what differs from it. */
  readonly words: string;
  readonly runs: readonly ComparedRun[];
}

/** More groups than this cannot be told apart in one figure. */
const mostGroups = 24;

function isSeed(path: string): boolean {
  return path.startsWith('seeds.') || path === 'data.source.seed';
}

/** What of a config makes it another experiment than the first: not seeds, and not how long or how often. */
function settingsApart(
  first: RunConfig,
  config: RunConfig,
): { path: string; before: unknown; after: unknown }[] {
  return configDifferences(first, config).filter(({ path }) => !isSeed(path) && !isGrowable(path));
}

/**
 * Groups in the order in which their first runs stand.
 * @throws {LabError} exit code 64 where two runs have settings and seeds in common, or there are too many groups
 */
export function groupRuns(runs: readonly ComparedRun[]): RunGroup[] {
  const [{ config: first }] = runs;
  const apart = runs.map(({ config }) => settingsApart(first, config));
  const paths = [...new Set(apart.flat().map(({ path }) => path))].toSorted();
  const firstValues = new Map(apart.flat().map(({ path, before }) => [path, before]));
  const settingsOf = runs.map((_, i) => {
    const own = new Map(apart[i].map(({ path, after }) => [path, after]));
    return paths.map((path) => typedSetting(path, own.has(path) ? own.get(path) : firstValues.get(path)));
  });
  const members = Map.groupBy(runs.keys(), (i) => canonicalJson(settingsOf[i]));
  if (members.size > mostGroups) {
    throw new LabError(
      `${runs.length} runs of ${members.size} different settings: one figure tells at most ${mostGroups} apart; give fewer`,
    );
  }
  const allSingle = members.size === runs.length;
  return [...members.values()].map((indices) => {
    const group = indices.map((i) => runs[i]);
    assertDifferentSeeds(group);
    const settings = settingsOf[indices[0]];
    const words = inWords(settings, group[0].config);
    const label = allSingle ? group[0].info.name : words === '' ? 'mean' : words;
    return { label, settings, words, runs: group };
  });
}

function inWords(settings: readonly string[], config: RunConfig): string {
  if (settings.length < 2) return settings.join('');
  const { preset } = nearestPreset(config);
  const own = settingsApart(loadConfig({ preset: presetNamed(preset) }), config).map(({ path, after }) =>
    typedSetting(path, after),
  );
  const [listed, named] = [settings.join(' '), [preset, ...own].join(' ')];
  return named.length < listed.length ? named : listed;
}

function assertDifferentSeeds(group: readonly ComparedRun[]): void {
  const seen = new Map<string, string>();
  for (const { info, config } of group) {
    const seeds = canonicalJson(seedsOf(config));
    const other = seen.get(seeds);
    if (other !== undefined) {
      throw new LabError(
        `${other}, ${info.name}: the same settings and seeds: one run made twice says no more than once; ` +
          'leave one out, or see whether they are the same (iclab diff)',
      );
    }
    seen.set(seeds, info.name);
  }
}

/** Settings in which any of the runs differ, seeds and lengths aside; without values. */
export function differingSettings(groups: readonly RunGroup[]): string[] {
  return (groups[0]?.settings ?? []).map((setting) => setting.slice(0, setting.indexOf('=')));
}

/** Seeds that are not the same in all runs of a group, e.g. `init, train and source`. */
export function differingSeeds(group: RunGroup): string[] {
  const [first, ...rest] = group.runs.map(({ info }) => info.seeds);
  return Object.keys(first).filter((name) => rest.some((seeds) => seeds[name] !== first[name]));
}
