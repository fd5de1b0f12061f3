import { describe, expect, test } from 'vitest';
import { canonicalJson, configDifferences, configHash, growableSettings } from './config-hash.ts';
import { loadConfig } from './load-config.ts';
import { presetNamed } from './presets/index.ts';

const withOverrides = (...overrides: string[]) => loadConfig({ preset: presetNamed('smoke') }, overrides);

describe('config hash', () => {
  test('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
    const config = withOverrides();
    const reversed = Object.fromEntries(Object.entries(config).toReversed()) as typeof config;
    expect(configHash(reversed)).toBe(configHash(config));
  });

  test('is the same for every length and schedule', () => {
    const grown = withOverrides(...growableSettings.map((path) => `${path}=77`));
    expect(configDifferences(withOverrides(), grown).map(({ path }) => path)).toEqual(
      [...growableSettings].toSorted(),
    );
    expect(configHash(grown)).toBe(configHash(withOverrides()));
  });

  test.each([
    'seeds.eval=2',
    'train.optimizer.rate=2e-3',
    'evaluate.perSequence=true',
    'data.zipfExponent=1',
  ])('differs with %s', (override) => {
    expect(configHash(withOverrides(override))).not.toBe(configHash(withOverrides()));
  });

  test('tells an empty list from none', () => {
    const mixture = 'data.mixture=[{probability: 1}]';
    expect(configHash(withOverrides(mixture))).not.toBe(configHash(withOverrides()));
    expect(configDifferences(withOverrides(), withOverrides(mixture))).toEqual([
      { path: 'data.mixture', before: [], after: undefined },
      { path: 'data.mixture.0.probability', before: undefined, after: 1 },
    ]);
  });
});
