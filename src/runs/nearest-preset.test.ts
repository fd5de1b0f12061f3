import { expect, test } from 'vitest';
import { loadConfig } from './load-config.ts';
import { nearestPreset } from './nearest-preset.ts';
import { presetNamed, presets } from './presets/index.ts';

test.each(presets.map((preset) => [preset.name, preset] as const))('%s is itself', (name, preset) => {
  expect(nearestPreset(loadConfig({ preset }))).toEqual({ preset: name, changes: [] });
});

test('tells what was changed as it would be typed', () => {
  const words = ['data.source.sigma=0.3', 'model.position=rope', 'train.trainSequences=1000'];
  const config = loadConfig({ preset: presetNamed('quick') }, words);
  expect(nearestPreset(config)).toEqual({ preset: 'quick', changes: words });
  expect(loadConfig({ preset: presetNamed('quick') }, nearestPreset(config).changes)).toEqual(config);
});

test('seeds that one flag sets are told as that flag', () => {
  const seeded = (...words: string[]) =>
    nearestPreset(loadConfig({ preset: presetNamed('smoke') }, words)).changes;
  expect(seeded('seeds.init=9', 'seeds.train=9', 'data.source.seed=9', 'model.depth=1')).toEqual([
    '--seed 9',
    'model.depth=1',
  ]);
  expect(seeded('seeds.init=9', 'seeds.train=9')).toEqual(['seeds.init=9', 'seeds.train=9']);
});
