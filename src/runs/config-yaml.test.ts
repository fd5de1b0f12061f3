import { describe, expect, test } from 'vitest';
import { configYaml } from './config-yaml.ts';
import { loadConfig } from './load-config.ts';
import { presetNamed, presets } from './presets/index.ts';

describe('a config as YAML', () => {
  test.each(presets)('of preset $name comes back as it was', (preset) => {
    const config = loadConfig({ preset });
    const text = configYaml(config, ['a heading: with a colon', 'and a second line']);
    expect(loadConfig({ file: 'mine.yaml', text })).toEqual(config);
  });

  test('says what settings mean and which kinds there are', () => {
    const text = configYaml(loadConfig({ preset: presetNamed('quick') }), ['quick']);
    expect(text).toMatch(/^# quick\n\nseeds:\n/);
    expect(text).toMatch(/^ {2}init: 102 # starting weights; /m);
    expect(text).toMatch(/^ {4}kind: adam # one of adam, sgd$/m);
    expect(text).toMatch(
      /^ {2}schedule:\n {4}kind: constant # one of constant, warmupInverseSqrt, warmupCosine$/m,
    );
    expect(text).toMatch(/^ {2}position: learned # .*; one of learned, sinusoidal, rope$/m);
    expect(text).toMatch(/^ {2}# kinds of sequences .*; items have probability, .*\n {2}mixture: \[\]$/m);
  });

  test('lists settings that are not given in comments', () => {
    const text = configYaml(loadConfig({ preset: presetNamed('smoke') }));
    expect(text).toMatch(/^ {2}# labels: labels of the model; one per class by default$/m);
  });
});
