/** Made-up runs for the tests of comparisons: a table, settings and a name. */
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { loadConfig } from '../../../src/runs/load-config.ts';
import { presetNamed } from '../../../src/runs/presets/index.ts';
import { runInfo } from '../fig1b/test-tables.ts';
import { scaleOf } from '../run-scale.ts';
import type { RunInfo } from '../scale.ts';
import type { ComparedRun } from './groups.ts';

/** A run of the quick preset. @param overrides settings as they are typed */
export function comparedRun(
  name: string,
  seed: number,
  table: MetricsTable,
  overrides: readonly string[] = [],
  info: Partial<RunInfo> = {},
): ComparedRun {
  const seeds = ['seeds.init', 'seeds.train', 'data.source.seed'].map((path) => `${path}=${seed}`);
  const config = loadConfig({ preset: presetNamed('quick') }, [...seeds, ...overrides]);
  const found = scaleOf(config);
  return {
    config,
    table,
    info: runInfo(found.scale, config.train.trainSequences, {
      ...found,
      name,
      id: `${name.replace(/[^a-z0-9]/g, '')}aaaaaaaa`.slice(0, 8),
      seeds: { init: seed, train: seed, eval: 1, source: seed },
      command: `iclab train quick --seed ${seed}`,
      ...info,
    }),
  };
}
