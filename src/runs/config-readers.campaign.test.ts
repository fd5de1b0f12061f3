/** Configs from anywhere: YAML, JSON and `key=value` words, fuzzed. What loads is whole, and loads again as the same. */
import { expect, test } from 'vitest';
import { campaignTimeoutMs } from '../../test/campaign.ts';
import { damaged, noise } from '../../test/fuzz/damage-bytes.ts';
import { expectFuzzed, type FuzzCase } from '../../test/fuzz/fuzz-campaign.ts';
import { changeTree, donors, jsonText, type JsonTree, treeOf } from '../../test/fuzz/json-tree.ts';
import { nastyLiterals, nastyNames } from '../../test/fuzz/nasty-values.ts';
import type { FuzzRandom } from '../../test/fuzz/random.ts';
import { disturbedYaml, yamlText } from '../../test/fuzz/yaml-text.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { type RunConfig, runConfigSchema } from './config.ts';
import { configYaml } from './config-yaml.ts';
import { loadConfig } from './load-config.ts';
import { presetNamed, presets } from './presets/index.ts';

const sizes = { ci: 2000, long: 100_000 };

/** Every setting there is, in some variants, to draw parts from. */
const wholes: readonly object[] = [
  ...presets.map((preset) => loadConfig({ preset })),
  loadConfig({ preset: presetNamed('quick') }, [
    'data.contextPairs=8',
    'data.mixture=[{probability: 0.25, burstiness: 0}, {probability: 0.75, zipfExponent: 1.0}]',
    'train.optimizer={kind: sgd, rate: 0.01}',
    'train.schedule={kind: warmupCosine, decaySteps: 100}',
    'train.l2={kind: squared, lambda: 1e-5}',
    'model.position=rope',
    'checkpoint.snapshotEverySequences=1000',
  ]),
];

/** Some sections of a config, some settings of each: short, so that many can be read. */
function partOf(value: unknown, random: FuzzRandom, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(
    ([name]) => name === 'kind' || random.chance(depth === 0 ? 0.35 : 0.5),
  );
  return Object.fromEntries(kept.map(([name, member]) => [name, partOf(member, random, depth + 1)]));
}

function changedTree(random: FuzzRandom, spare: readonly JsonTree[]): JsonTree {
  let tree = random.chance(0.03)
    ? structuredClone(random.pick(spare))
    : treeOf(partOf(random.pick(wholes), random));
  for (let changes = random.pick([0, 1, 1, 1, 2, 3]); changes > 0; changes--)
    tree = changeTree(tree, random, spare);
  return tree;
}

/** What reaches the reader: text, as bytes of a file decode to. */
function damagedText(text: string, random: FuzzRandom): string {
  return new TextDecoder().decode(damaged(new TextEncoder().encode(text), random));
}

function expectWhole(config: RunConfig): void {
  const text = JSON.stringify(config);
  expect(runConfigSchema.safeParse(JSON.parse(text)).success).toBe(true);
  expect(loadConfig({ file: 'again.json', text })).toEqual(config);
  expect(Object.isFrozen(config.train.optimizer)).toBe(true);
}

function fileCase(text: string, random: FuzzRandom): FuzzCase<RunConfig> {
  const isWritten = random.chance(0.02);
  return {
    read: () => loadConfig({ file: 'c.yaml', text }),
    names: 'c.yaml:',
    check: (config) => {
      expectWhole(config);
      if (isWritten) expect(loadConfig({ file: 'again.yaml', text: configYaml(config) })).toEqual(config);
    },
    input: () => text,
  };
}

test('a config in YAML', { timeout: campaignTimeoutMs }, async () => {
  const spare = donors(11);
  const makeCase = (random: FuzzRandom) => {
    const text = yamlText(changedTree(random, spare), random);
    const how = random.next();
    if (how < 0.03) return fileCase(new TextDecoder().decode(noise(random, random.size(300))), random);
    if (how < 0.25) return fileCase(damagedText(text, random), random);
    return fileCase(how < 0.6 ? disturbedYaml(text, random) : text, random);
  };
  await expectFuzzed({ name: 'config YAML', seed: 1, exitCode: exitCodes.badInput, makeCase }, sizes);
});

test('a config in JSON', { timeout: campaignTimeoutMs }, async () => {
  const spare = donors(12);
  const makeCase = (random: FuzzRandom) => {
    const text = jsonText(changedTree(random, spare), random.pick(['', ' ', '\n', '\n  ']));
    return fileCase(random.chance(0.25) ? damagedText(text, random) : text, random);
  };
  await expectFuzzed({ name: 'config JSON', seed: 2, exitCode: exitCodes.badInput, makeCase }, sizes);
});

/** `path=value` of every setting of a tree. */
function overridesOf(tree: JsonTree, path = ''): string[] {
  if (!('members' in tree)) return [`${path}=${jsonText(tree)}`];
  return tree.members.flatMap(([name, member]) =>
    overridesOf(member, path === '' ? name : `${path}.${name}`),
  );
}

function changedWord(word: string, random: FuzzRandom): string {
  const equals = word.indexOf('=');
  return random.pick([
    () => `${word.slice(0, equals)}=${random.pick(nastyLiterals)}`,
    () => `${random.pick(nastyNames)}${word.slice(equals)}`,
    () => `${word.slice(0, equals)}.${random.pick(nastyNames)}${word.slice(equals)}`,
    () =>
      word.replace(
        '=',
        random.pick(['', '==', '.=', '=\n', '= ', '.'.repeat(random.size(3000)), '=&a ', '=*a', '=!x ']),
      ),
    () => word.slice(0, random.below(word.length + 1)),
    () => damagedText(word, random),
    () => `${'a.'.repeat(random.size(200))}${word}`,
    () => `${word}${'x'.repeat(random.size(5000))}`,
    () => `data.mixture.${random.below(3)}.${word}`,
  ])();
}

test('key=value words', { timeout: campaignTimeoutMs }, async () => {
  const spare = donors(13);
  const preset = presetNamed('smoke');
  const makeCase = (random: FuzzRandom): FuzzCase<RunConfig> => {
    const all = overridesOf(changedTree(random, spare));
    const words = all.filter(() => random.chance(4 / (all.length + 1)));
    if (random.chance(0.6) && words.length > 0) {
      const at = random.below(words.length);
      words[at] = changedWord(words[at], random);
    }
    if (random.chance(0.1) && words.length > 0) words.push(random.pick(words));
    return {
      read: () => loadConfig({ preset }, words),
      names: '', // a word has no file to name
      check: expectWhole,
      input: () => words.join(' '),
    };
  };
  await expectFuzzed({ name: 'key=value', seed: 3, exitCode: exitCodes.badInput, makeCase }, sizes);
});
