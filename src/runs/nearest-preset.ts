/** A config in few words: the preset it differs least from, and the differences as they would be typed. */
import type { RunConfig } from './config.ts';
import { configDifferences } from './config-hash.ts';
import { loadConfig } from './load-config.ts';
import { presets } from './presets/index.ts';

export interface ConfigInWords {
  readonly preset: string;
  /** `data.source.sigma=0.3`, in order of their keys. */
  readonly changes: readonly string[];
}

/** Of presets equally near the first in their list wins. */
export function nearestPreset(config: RunConfig): ConfigInWords {
  const candidates = presets.map((preset) => ({
    preset: preset.name,
    changes: configDifferences(loadConfig({ preset }), config).map(
      ({ path, after }) => `${path}=${typed(after)}`,
    ),
  }));
  return candidates.reduce((best, next) => (next.changes.length < best.changes.length ? next : best));
}

function typed(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
