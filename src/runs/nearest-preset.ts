/** A config in few words: the preset it differs least from, and the differences as they would be typed. */
import { sourceSeed } from '../data/config.ts';
import type { RunConfig } from './config.ts';
import { configDifferences } from './config-hash.ts';
import { loadConfig } from './load-config.ts';
import { presets } from './presets/index.ts';

export interface ConfigInWords {
  readonly preset: string;
  /** `data.source.sigma=0.3`, in order of their keys; `--seed 7` for the three seeds that it sets. */
  readonly changes: readonly string[];
}

/** Of presets equally near the first in their list wins. */
export function nearestPreset(config: RunConfig): ConfigInWords {
  const candidates = presets.map((preset) => ({
    preset: preset.name,
    changes: changesInWords(loadConfig({ preset }), config),
  }));
  return candidates.reduce((best, next) => (next.changes.length < best.changes.length ? next : best));
}

const seedSettings = ['data.source.seed', 'seeds.init', 'seeds.train'];

function changesInWords(from: RunConfig, to: RunConfig): string[] {
  const differences = configDifferences(from, to);
  const { seeds, data } = to;
  const isOneSeed = seeds.init === seeds.train && seeds.init === (sourceSeed(data.source) ?? seeds.init);
  const bySeed = isOneSeed ? differences.filter(({ path }) => seedSettings.includes(path)) : [];
  const asSeed = bySeed.length > 1 ? bySeed : [];
  const words = differences
    .filter((difference) => !asSeed.includes(difference))
    .map(({ path, after }) => `${path}=${typed(after)}`);
  return asSeed.length > 0 ? [`--seed ${seeds.init}`, ...words] : words;
}

function typed(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
