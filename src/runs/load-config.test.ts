import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { configLimits } from './config-text.ts';
import { type ConfigBase, loadConfig } from './load-config.ts';
import { presetNamed, presets } from './presets/index.ts';

const quick: ConfigBase = { preset: presetNamed('quick') };
const file = (text: string): ConfigBase => ({ file: 'run.yaml', text });

/** The message of the error a config gives; fails where it gives none. */
function refusal(base: ConfigBase, overrides: string[] = []): string {
  try {
    loadConfig(base, overrides);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    const { message, exitCode } = error as LabError;
    expect(exitCode).toBe(exitCodes.badInput);
    expect(message).not.toMatch(/[\r\n]/);
    return message;
  }
  throw new Error('the config was accepted');
}

describe('a config', () => {
  test('is the paper for what nobody said', () => {
    const { train, model, data, evaluate } = loadConfig(file(''));
    expect(train.optimizer).toEqual({ kind: 'adam', rate: 1e-5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
    expect([train.batchSize, train.trainSequences]).toEqual([32, 20_000_000]);
    expect([model.depth, model.dModel, model.heads]).toEqual([2, 64, 8]);
    expect([data.contextPairs, data.burstiness, data.source.classes]).toEqual([2, 1, 12800]);
    expect([evaluate.everySequences, evaluate.sequencesPerEvaluator]).toEqual([100_000, 5000]);
  });

  test('has 1,000 sequences per evaluator for 8 pairs unless told otherwise', () => {
    expect(loadConfig(file('data: {contextPairs: 8}')).evaluate.sequencesPerEvaluator).toBe(1000);
    const told = 'data: {contextPairs: 8}\nevaluate: {sequencesPerEvaluator: 64}';
    expect(loadConfig(file(told)).evaluate.sequencesPerEvaluator).toBe(64);
  });

  test.each(presets)('preset $name is valid and frozen throughout', (preset) => {
    const config = loadConfig({ preset });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.train.optimizer)).toBe(true);
    expect(() => Object.assign(config.train, { batchSize: 1 })).toThrow(TypeError);
  });

  test('comes back from its own JSON, tabs and all', () => {
    const config = loadConfig(quick, ['seeds.init=9']);
    expect(loadConfig({ file: 'config.json', text: JSON.stringify(config, null, '\t') })).toEqual(config);
  });

  test('lays overrides over the file, the file over the defaults', () => {
    const config = loadConfig(file('train:\n  batchSize: 8\n  trainSequences: 1_000_000\n'), [
      'train.batchSize=16',
    ]);
    expect([config.train.batchSize, config.train.trainSequences, config.train.optimizer.rate]).toEqual([
      16, 1e6, 1e-5,
    ]);
  });
});

describe('a file that names a preset', () => {
  test('starts from it, and its own settings and overrides lie above', () => {
    const text = 'preset: smoke\ntrain: {batchSize: 16}\n';
    const config = loadConfig(file(text), ['model.depth=1']);
    expect(config).toEqual(
      loadConfig({ preset: presetNamed('smoke') }, ['train.batchSize=16', 'model.depth=1']),
    );
  });

  test.each([
    [
      'preset: smok',
      'run.yaml:1:1: preset: expected one of paper, quick, smoke; got "smok"; did you mean "smoke"?',
    ],
    ['preset: [quick]', 'run.yaml:1:1: preset: expected one of paper, quick, smoke; got ["quick"]'],
  ])('%s is refused', (text, message) => {
    expect(refusal(file(text))).toBe(message);
  });
});

describe('overrides', () => {
  test.each([
    ['3e6', 3_000_000],
    ['3_000_000', 3_000_000],
    ['3000000', 3_000_000],
    ['0x10', 16],
  ])('read %s as %d', (text, expected) => {
    expect(loadConfig(quick, [`train.trainSequences=${text}`]).train.trainSequences).toBe(expected);
  });

  test('drop the settings of a kind that is no longer there, in any order', () => {
    const sgd = { kind: 'sgd', rate: 0.5 };
    const words = ['train.optimizer.kind=sgd', 'train.optimizer.rate=.5'];
    expect(loadConfig(quick, words).train.optimizer).toEqual(sgd);
    expect(loadConfig(quick, words.toReversed()).train.optimizer).toEqual(sgd);
    expect(loadConfig(quick, words.slice(0, 1)).train.optimizer).toEqual({ kind: 'sgd', rate: 0.01 });
  });

  test('may give a whole object or list, and change an item of a list', () => {
    expect(loadConfig(quick, ['train.l2={kind: squared, lambda: 1e-6}']).train.l2).toEqual({
      kind: 'squared',
      lambda: 1e-6,
    });
    const mixture = 'data: {mixture: [{probability: .9}, {probability: .1, burstiness: 0}]}';
    const config = loadConfig(file(mixture), [
      'data.mixture.0.probability=.5',
      'data.mixture.1.probability=.5',
    ]);
    expect(config.data.mixture).toEqual([{ probability: 0.5 }, { probability: 0.5, burstiness: 0 }]);
  });

  test.each([
    ['train.batchSize', '"train.batchSize": expected key=value, for example train.batchSize=64'],
    ['.batchSize=3', '".batchSize=3": expected key=value with words between the dots'],
    ['train.batchSize=', 'train.batchSize: no value after "="; write null if nothing is meant (override)'],
    ['train.batchSize=[', 'train.batchSize: not valid YAML: Flow sequence must end with a ] (override)'],
    [
      'train.batchSize=*x',
      'train.batchSize: aliases (*name) are not supported; write the value again (override)',
    ],
  ])('refuse %s', (word, message) => {
    expect(refusal(quick, [word])).toContain(message);
  });

  test('refuse a setting given twice, or whole and in part', () => {
    const twice = 'set twice on the command line; keep one (override)';
    expect(refusal(quick, ['train.batchSize=1', 'train.batchSize=2'])).toBe(`train.batchSize: ${twice}`);
    expect(refusal(quick, ['train.l2.lambda=1', 'train.l2={kind: none}'])).toBe(`train.l2: ${twice}`);
    expect(refusal(quick, ['train.l2={kind: none}', 'train.l2.lambda=1'])).toBe(`train.l2.lambda: ${twice}`);
  });
});

describe('mistakes', () => {
  test('in a file are told with line and column of the key', () => {
    const text = 'train:\n  batchSize: 32\n  optimzer:\n    rate: 1e-5\n';
    expect(refusal(file(text))).toBe(
      'run.yaml:3:3: train.optimzer: unknown key; did you mean "optimizer"? ' +
        '(keys: batchSize, trainSequences, recordEverySequences, optimizer, schedule, l2, interventions)',
    );
    expect(refusal(file('train:\n  optimizer: {rate: fast}\n'))).toBe(
      'run.yaml:2:15: train.optimizer.rate: expected a number > 0; got "fast"',
    );
  });

  test('in overrides are told as such', () => {
    expect(refusal(quick, ['train.batchSize=many'])).toBe(
      'train.batchSize: expected an integer >= 1 and <= 65536; got "many" (override)',
    );
    expect(refusal(quick, ['train.optimizer.kind=adm'])).toBe(
      'train.optimizer.kind: expected one of adam, sgd; got "adm" (override)',
    );
    expect(refusal(quick, ['train.schedule.kind=warmupCosine'])).toBe(
      'train.schedule.decaySteps: expected an integer >= 1; nothing given (override)',
    );
    expect(refusal(quick, ['train=3'])).toMatch(
      /^train: expected settings \(batchSize, .*\); got 3 \(override\)$/,
    );
    expect(refusal(quick, ['checkpoint.snapshotEverySequences=x'])).toBe(
      'checkpoint.snapshotEverySequences: expected an integer >= 1 or null; got "x" (override)',
    );
  });

  test('suggest the place where a setting of that name is', () => {
    expect(refusal(quick, ['rate=1'])).toContain('rate: unknown key; did you mean "train.optimizer.rate"?');
    expect(refusal(quick, ['batchsize=1'])).toContain('did you mean "train.batchSize"?');
    expect(refusal(quick, ['train.optimizer.kind=sgd', 'train.optimizer.beta1=.5'])).toContain(
      'train.optimizer.beta1: unknown key of kind sgd; kind adam has it (train.optimizer.kind=adam)',
    );
  });

  test('of a setting that only other kinds have name those kinds', () => {
    expect(refusal(quick, ['train.l2.lambda=1'])).toBe(
      'train.l2.lambda: unknown key of kind none; kinds squared, released have it (train.l2.kind=squared) (override)',
    );
  });

  test('beyond the first are counted', () => {
    const text = 'model: {heads: 3, dModl: 2}\nseeds: {init: -1}\n';
    expect(refusal(file(text))).toMatch(
      /^run\.yaml:1:19: model\.dModl: unknown key; .* \(and 2 more problems\)$/,
    );
    expect(refusal(file('a: 1\nb: 2\n'))).toMatch(/ \(and 1 more problem\)$/);
  });

  test.each([
    [['data.burstiness=2'], 'data.burstiness: 2 * burstiness must fit in contextPairs = 2; got 2'],
    [['train.trainSequences=4294967295'], 'train.trainSequences: must stay below 4294967296; got 4294967295'],
    [['model.heads=7'], 'model.heads: must divide model.dModel = 64; got 7'],
    [['data.labels=20000'], 'data.labels: more labels than classes'],
    [
      ['data.contextPairs=20'],
      'model.maxPositions: must be at least the 41 tokens of data.contextPairs = 20; got 32',
    ],
  ])('of settings that cannot go together: %s', (overrides, message) => {
    expect(refusal(quick, overrides)).toContain(message);
  });
});

test('of a setting that a file leaves as it is names the file all the same', () => {
  expect(refusal(file('data: {contextPairs: 20}'))).toMatch(
    /^run\.yaml: model\.maxPositions: must be at least the 41/,
  );
  expect(refusal(file('preset: quick\nmodel: {dModel: 63}'))).toMatch(
    /^run\.yaml: model\.heads: must divide model\.dModel = 63; got 8/,
  );
});

test('a zero has no sign: JSON, in which a run keeps its config, knows none', () => {
  expect(loadConfig(quick, ['data.source.offset=-0']).data.source).toMatchObject({ offset: 0 });
});

describe('hostile words', () => {
  test.each([
    ['\u202ea=1', '\\u{202e}a: unknown key'],
    ['\u001b[2J', '"\\u{1b}[2J": expected key=value'],
    ['__proto__.polluted=1', '__proto__.polluted: the key "__proto__" is not allowed (override)'],
    ['train={__proto__: 1}', 'train: the key "__proto__" is not allowed (override)'],
    [`${'a.'.repeat(48)}b=1`, ': nested deeper than a config may be (override)'],
    [`${'k'.repeat(101)}=1`, '..." has 101 letters, more than the 100 a key may have (override)'],
    [`train.batchSize=${'9'.repeat(100_000)}`, 'train.batchSize: expected an integer'],
    [`train.batchSize="${'\u202e'.repeat(1000)}"`, 'got "\\u{202e}'],
    ['a'.repeat(100_000), '"aaaa'],
  ])('%j', (word, message) => {
    const text = refusal(quick, [word]);
    expect(text).toContain(message);
    expect(text.length).toBeLessThan(500);
    expect(text).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});

describe('hostile text', () => {
  test.each([
    ['a: 1\nb:\n  c: 1\n  c: 2\n', 'run.yaml:4:3: c: given twice; keep one'],
    ['a: &x 1\n', 'run.yaml:1:7: anchors (&name) are not supported'],
    ['train: *x\n', 'run.yaml:1:8: '],
    ['train: {<<: {batchSize: 1}}\n', 'run.yaml:1:9: merge keys (<<) are not supported'],
    ['train: !!map {}\n', 'run.yaml:1:14: tags (tag:yaml.org,2002:map) are not supported'],
    ['%YAML 1.1\n---\na: yes\n', 'run.yaml:1:1: YAML directives are not supported'],
    ['train: {}\n---\ntrain: {}\n', 'run.yaml:2:1: a config is one document'],
    ['? [a]\n: 1\n', 'run.yaml:1:3: a key must be a plain word'],
    ['- 1\n', 'run.yaml:1:1: a config is a list of "key: value" lines'],
    ['__proto__: {a: 1}\n', 'run.yaml:1:1: the key "__proto__" is not allowed'],
    ['{"train": {"__proto__": 1}}', 'run.yaml:1:12: the key "__proto__" is not allowed'],
    [
      `${'k'.repeat(101)}: 1\n`,
      `run.yaml:1:1: the key "${'k'.repeat(80)}..." has 101 letters, more than the 100`,
    ],
    ['"a\\u202e\\e[2J": 1\n', 'run.yaml:1:1: a\\u{202e}\\u{1b}[2J: unknown key'],
    ['"a\\u202e": 1\n"a\\u202e": 1\n', 'run.yaml:2:1: a\\u{202e}: given twice; keep one'],
    ['preset: "\\u0085"\n', 'run.yaml:1:1: preset: expected one of'],
    ['train:\n  constructor: 1\n', 'run.yaml:2:3: train.constructor: unknown key'],
    ['a: "b\n', 'run.yaml:2:1: not valid YAML: Missing closing "quote'],
  ])('%j', (text, message) => {
    expect(refusal(file(text))).toContain(message);
  });

  test.each([
    ['['.repeat(2 ** 20), 'nested deeper'],
    ['{a: '.repeat(2 ** 18), 'nested deeper'],
    ['- '.repeat(2 ** 19), 'nested deeper'],
    ['? '.repeat(2 ** 19), 'nested deeper'],
    [`[${','.repeat(2 ** 20 - 1)}`, 'words and marks'],
    ['a: 1\n'.repeat(2 ** 17), 'more than the 20000 lines'],
    ['a: 1\n'.repeat(20_000 - 1), 'words and marks'],
    [`a: |\n${' x\n'.repeat(20_000)}`, 'more than the 20000 lines'],
    ['---\n'.repeat(20_000 - 1), 'words and marks'],
    ['x'.repeat(configLimits.bytes + 1), `more than the ${configLimits.bytes}`],
  ])('that is a bomb is refused: %#', (text, message) => {
    expect(refusal(file(text))).toContain(message);
  });

  test('is refused in one line or accepted, whatever it is', () => {
    const words = [
      'train:',
      ' ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      ': ',
      '"',
      "'",
      '|',
      '>',
      '#',
      '&a ',
      '*a',
      '!x ',
      'batchSize',
      '1',
      '~',
      '\t',
      '%',
      '---',
      '\u0000',
      '\u202e',
    ];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 24 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (candidate) => {
        try {
          loadConfig(file(candidate));
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
          expect((error as LabError).message).not.toContain('\n');
        }
      }),
      { numRuns: 1500 },
    );
  });
});
