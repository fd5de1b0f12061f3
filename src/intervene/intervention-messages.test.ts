/** What is said of interventions that cannot be, word for word. */
import { describe, expect, test } from 'vitest';
import { LabError } from '../errors/lab-error.ts';
import { variants } from '../model/testing.ts';
import { capture } from './capture.ts';
import { type AnyIntervention, interventionName, parseIntervention } from './intervention.ts';
import { planInterventions } from './plan.ts';
import { intervened, sequencesOf } from './testing.ts';

const shape = variants['attention only, learned positions'];
const plan = (lines: readonly string[]) => planInterventions(shape, lines.map(parseIntervention));
const kinds =
  'ablateHeads, preserve, ablateEmbedding, inductionHeads, previousTokenHeads, forbidPreviousToken, headTemperature, ' +
  'labelsOnly, matchHeads, outputFromHead, graftIn, graftOut, clamp';

describe('a line', () => {
  test.each([
    [
      'ablateHaeds=0:1',
      `intervention: unknown kind "ablateHaeds"; did you mean "ablateHeads"? (kinds: ${kinds})`,
    ],
    ['{"kind"', 'intervention: not readable as JSON: "{\\"kind\\""'],
    [
      'ablateHeads=0:x',
      'intervention "ablateHeads=0:x": heads.0: expected a head as block:head, such as 0:3, or 0:* for all of a block; ' +
        'write it like ablateHeads=0:1,0:4',
    ],
    [
      'headTemperature={}',
      'intervention "headTemperature={}": temperatures.{}: Invalid key in record; write it like headTemperature=1:2@0.25',
    ],
    [
      '{"kind":"headTemperature","temperatures":{}}',
      'intervention "{\\"kind\\":\\"headTemperature\\",\\"temperatures\\":{}}": temperatures: expected at least one head, such as ' +
        '"1:2": 0.25; write it like headTemperature=1:2@0.25',
    ],
    ['{"heads":[]}', `intervention: unknown kind "undefined" (kinds: ${kinds})`],
    [
      'inductionHeads=1:3',
      'intervention "inductionHeads=1:3": strength: Invalid input: expected number, received NaN; write it like ' +
        'inductionHeads=1:3@0.8',
    ],
    [
      'previousTokenHeads=0:0@0.7,label',
      'intervention "previousTokenHeads=0:0@0.7,label": labelRowsOnly: Invalid input: expected boolean, received string; ' +
        'write it like previousTokenHeads=0:0@0.7,labels',
    ],
  ])('%s', (line, message) => expect(() => parseIntervention(line)).toThrow(new LabError(message)));
});

describe('what the model does not have', () => {
  test.each([
    [
      'ablateHeads=0:1,0:2',
      'interventions[0] (ablateHeads=0:1,0:2): no head 0:2; this model has blocks 0 .. 1 with heads 0 .. 1',
    ],
    [
      'outputFromHead=2:0',
      'interventions[0] (outputFromHead=2:0): no head 2:0; this model has blocks 0 .. 1 with heads 0 .. 1',
    ],
    ['outputFromHead=1:*', 'interventions[0] (outputFromHead=1:*): one head is meant, not all of block 1'],
    [
      'labelsOnly=0:1',
      'interventions[0] (labelsOnly=0:1): head 0:1 is not of the last block, 1; name its heads',
    ],
    ['graftIn=2@a:0', 'interventions[0] (graftIn=2@a:0): no block 2; this model has blocks 0 .. 1'],
    [
      'clamp={"site":"blocks.1.attention.scors","value":0}',
      'interventions[0] (clamp={"site":"blocks.1.attention.scors","mask":{},"value":0}): site: unknown ' +
        '"blocks.1.attention.scors"; did you mean "blocks.1.attention.scores"? (iclab sites lists all 25)',
    ],
    [
      'clamp={"site":"blocks.*.mlp","value":0}',
      'interventions[0] (clamp={"site":"blocks.*.mlp","mask":{},"value":0}): site: no site matches "blocks.*.mlp" ' +
        '(iclab sites lists all 25)',
    ],
    [
      'clamp={"site":"logits","value":"clean"}',
      'interventions[0] (clamp={"site":"logits","mask":{},"value":"clean"}): logits can become a number or a ' +
        "function's, not another pass's",
    ],
  ])('%s', (line, message) => expect(() => plan([line])).toThrow(new LabError(message)));

  test.each([
    ['norm', { heads: [0] }, 'mask.heads: norm has none'],
    ['norm', { keys: 'labels' as const }, 'mask.keys: norm has none'],
    ['logits', { places: 'query' as const }, 'mask.places: logits has none'],
    ['blocks.0.attention.scores', { features: [0] }, 'mask.features: blocks.0.attention.scores has none'],
    ['norm', { features: [8] }, 'mask.features: no 8; norm has 0 .. 7'],
    ['norm', { places: [0, 5] }, 'mask.places: no 5; norm has 0 .. 4'],
    ['blocks.0.attention.z', { heads: [2] }, 'mask.heads: no 2; blocks.0.attention.z has 0 .. 1'],
    ['blocks.0.attention.scores', { keys: [7] }, 'mask.keys: no 7; blocks.0.attention.scores has 0 .. 4'],
  ])('%s: %j', (site, mask, message) => {
    const spec: AnyIntervention = { kind: 'clamp', site, mask, value: 0 };
    expect(() => planInterventions(shape, [spec])).toThrow(
      new LabError(`${interventionName(spec, 0)}: ${message}`),
    );
  });

  test('a site by a function that takes none', () => {
    const clamp: AnyIntervention = { kind: 'clamp', site: () => false, mask: {}, value: 0 };
    expect(() => planInterventions(shape, [clamp])).toThrow(
      new LabError(
        "interventions[0] (clamp by a function): site: the function takes none of the model's 25 sites",
      ),
    );
  });

  test('two pairs', () => {
    const [four] = [variants['four pairs, odd width']];
    expect(() => planInterventions(four, [parseIntervention('inductionHeads=1:0@1')])).toThrow(
      new LabError(
        'interventions[0] (inductionHeads=1:0@1): meant for 2 context pairs; this model has 4; matchHeads or a clamp does ' +
          'for any number',
      ),
    );
  });
});

describe('a double claim', () => {
  test.each([
    [['ablateHeads=0:1,0:*'], 'interventions[0] (ablateHeads=0:1,0:*): claims 0:* twice; name it once'],
    [
      ['ablateHeads=0:1', 'ablateHeads=0:*'],
      'interventions[1] (ablateHeads=0:*): claims entries of blocks.0.attention.v that interventions[0] (ablateHeads=0:1) ' +
        'claims too; keep one of them',
    ],
    [
      ['preserve=keys', 'clamp={"site":"blocks.1.attention.k","value":0}'],
      'interventions[1] (clamp={"site":"blocks.1.attention.k","mask":{},"value":0}): claims entries of ' +
        'blocks.1.attention.k that interventions[0] (preserve=keys) claims too; keep one of them',
    ],
    [
      ['headTemperature=1:1@2,1:*@3'],
      'interventions[0] (headTemperature=1:1@2,1:*@3): head 1:1 is named twice; give it one temperature',
    ],
    [
      ['graftIn=0@a:0', 'graftIn=0@b:0'],
      'interventions[1] (graftIn=0@b:0): a second graft of this kind; keep one',
    ],
    [
      ['graftIn=1@a:0', 'graftOut=0@b:0', 'ablateHeads=0:0'],
      'interventions[1] (graftOut=0@b:0): the grafts leave nothing of the model itself; graft less of it',
    ],
  ])('%j', (lines, message) => expect(() => plan(lines)).toThrow(new LabError(message)));

  test.each([
    [['preserve=values', 'ablateHeads=0:*,1:*']],
    [['preserve=patterns', 'previousTokenHeads=0:0@1', 'inductionHeads=1:0@1', 'matchHeads=1:0@0']],
    [['headTemperature=1:0@2', 'forbidPreviousToken=1:*', 'labelsOnly=1:0']],
    [
      [
        'clamp={"site":"norm","mask":{"features":[1]},"value":0}',
        'clamp={"site":"norm","mask":{"features":[2]},"value":0}',
      ],
    ],
  ])('is none where one gives way, or they are apart: %j', (lines) =>
    expect(() => plan(lines)).not.toThrow(),
  );
});

describe('a claim made void', () => {
  const noEffect = (whose: string, item: string, by: string) =>
    `${whose}: ${item} has no effect: ${by} write over all that it reaches; leave one out`;
  test.each([
    ['scores under preserved patterns', ['preserve=patterns', 'labelsOnly=1:0'], 1, '1:0', 0],
    ['scores under a pattern that is given', ['inductionHeads=1:0@1', 'labelsOnly=1:0'], 1, '1:0', 0],
    [
      'queries under scores that are given',
      ['preserve=queries', 'headTemperature=0:0@1,1:0@1'],
      0,
      'queries',
      1,
    ],
    ['queries under patterns', ['preserve=queries', 'preserve=patterns'], 0, 'queries', 1],
    ['a pattern whose values are zero', ['matchHeads=1:1@0', 'ablateHeads=1:*'], 0, '1:1', 1],
    ["a block that is a donor's", ['graftIn=0@a:0', 'ablateHeads=1:0,0:1'], 1, '0:1', 0],
    ['a block behind the graft', ['labelsOnly=1:0', 'graftOut=0@a:0'], 0, '1:0', 1],
    ['the embedding of a donor', ['graftIn=0@a:0', 'ablateEmbedding=token'], 1, 'token', 0],
    ['the token under the whole', ['ablateEmbedding=token', 'ablateEmbedding=all'], 0, 'token', 1],
    ['anything under an answer', ['ablateHeads=0:0', 'outputFromHead=1:1'], 0, '0:0', 1],
    [
      'what a residual stream is clamped over',
      ['ablateHeads=0:*', 'clamp={"site":"blocks.1.residual","value":1}'],
      0,
      '0:*',
      1,
    ],
  ])('%s', (_what, lines, owner, item, guilty) => {
    const name = (i: number) =>
      `interventions[${i}] (${lines[i].replace('"value":1', '"mask":{},"value":1')})`;
    expect(() => plan(lines)).toThrow(new LabError(noEffect(name(owner), item, name(guilty))));
  });

  test('by several together', () => {
    const lines = [
      'ablateHeads=0:0',
      'clamp={"site":"blocks.1.residual","value":1}',
      'clamp={"site":"norm","value":1}',
    ];
    expect(() => plan(lines)).toThrow(
      'interventions[0] (ablateHeads=0:0): 0:0 has no effect: the others together write over all that it reaches',
    );
  });

  test.each([
    [['preserve=queries,values', 'headTemperature=0:0@1']],
    [['preserve=patterns,values', 'ablateEmbedding=token', 'ablateHeads=0:*,1:1', 'inductionHeads=1:0@0.3']],
    [['ablateHeads=1:0', 'headTemperature=1:1@0.5', 'labelsOnly=1:*']],
    [['graftIn=0@a:0', 'preserve=values']],
    [['ablateHeads=0:*', 'clamp={"site":"blocks.1.residual","mask":{"places":[0,1]},"value":1}']],
  ])('is none where something of it is left: %j', (lines) => expect(() => plan(lines)).not.toThrow());
});

describe('while it runs', () => {
  const specs = [parseIntervention('inductionHeads=1:0@0.3')];
  test.each([
    [[4, 4], 4, '2 of the context labels 4, 4 equal'],
    [[4, 5], 6, '0 of the context labels 4, 5 equal'],
  ])('labels %j and %i', (contextLabels, target, words) => {
    const [first, ...others] = sequencesOf(shape, 3);
    const { pass } = intervened(shape, specs, {
      sequences: [...others, { ...first, contextLabels, target }],
    });
    expect(() => pass.forward()).toThrow(
      new LabError(
        `interventions[0] (inductionHeads=1:0@0.3): ${words} the query's ${target}, where exactly one has to; take ` +
          'sequences with the label in the context once, such as ciwl',
      ),
    );
  });

  test('padding may have any labels', () => {
    const { pass, models } = intervened(shape, specs);
    const { contextLabels, targets, size } = models.model.input;
    const { lanes } = models.model.layout;
    contextLabels[size] = contextLabels[lanes + size] = targets[size] = 1;
    expect(() => pass.forward()).not.toThrow();
  });

  test('a function that gives too few numbers', () => {
    const clamp: AnyIntervention = { kind: 'clamp', site: 'norm', mask: {}, value: () => [1, 2, 3] };
    expect(() => intervened(shape, [clamp]).pass.forward()).toThrow(
      new LabError(
        'interventions[0] (clamp by a function): the function gave 3 numbers for norm; expected 5 times 40',
      ),
    );
  });

  test('an intervention that had no turn', () => {
    const { models, pass } = intervened(shape, [parseIntervention('ablateHeads=0:1')]);
    models.model.setTaps(undefined);
    expect(() => pass.forward()).toThrow(
      new LabError(
        'interventions[0] (ablateHeads=0:1): was never applied: something else took the taps of its model',
      ),
    );
    const byFunction: AnyIntervention = { kind: 'clamp', site: 'norm', mask: {}, value: () => [] };
    const other = intervened(shape, [byFunction]);
    other.models.model.setTaps(undefined);
    expect(() => other.pass.forward()).toThrow(
      'interventions[0] (clamp by a function): was never applied: something else took the taps of its model',
    );
  });

  test('other weights that nobody gave', async () => {
    const { createPass } = await import('./intervened-pass.ts');
    const { models } = intervened(shape, []);
    const line = 'clamp={"site":"norm","mask":{},"value":{"run":"a","sequences":3}}';
    expect(() => createPass(models, plan([line]))).toThrow(
      new LabError(`interventions[0] (${line}): no weights were given for "a:3"`),
    );
  });

  test('a capture of what is not there', () => {
    const { models } = intervened(shape, []);
    expect(() => capture(models.model, models.model, 'blocks.0.attention.zz')).toThrow(
      'site: unknown "blocks.0.attention.zz"; did you mean "blocks.0.attention.z"?',
    );
  });
});
