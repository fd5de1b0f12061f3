/** Captures: what was asked for, as interventions left it, and no more of the pass than needed. */
import { expect, test } from 'vitest';
import { readSite } from '../model/read-site.ts';
import { variants } from '../model/testing.ts';
import { capture } from './capture.ts';
import { parseIntervention } from './intervention.ts';
import { batchSize, intervened } from './testing.ts';

const shape = variants['MLP, sinusoidal positions, three blocks'];
/** A claim in the last block, so that it is computed at all places. */
const specs = ['preserve=values', 'ablateEmbedding', 'forbidPreviousToken=2:*,labels'].map(parseIntervention);

test.each([
  ['a name', 'blocks.1.attention.pattern', ['blocks.1.attention.pattern']],
  ['a glob', 'blocks.*.attention.z', [0, 1, 2].map((l) => `blocks.${l}.attention.z`)],
  ['a list, in the order of the pass', ['norm', 'embedding'], ['embedding', 'norm']],
  [
    'a function',
    (name: string) => name.startsWith('embedding'),
    ['embedding.token', 'embedding.position', 'embedding'],
  ],
  ['the logits', 'logits', ['logits']],
])('%s', (_what, pattern, names) => {
  const { models, pass } = intervened(shape, specs);
  const captured = capture(models.model, pass, pattern);
  expect([...captured.keys()]).toEqual(names);
  const whole = intervened(shape, specs);
  whole.pass.forward();
  for (const [name, value] of captured) expect(value).toEqual(readSite(whole.models.model, name, batchSize));
});

test('goes no further than the deepest', () => {
  const { models, pass } = intervened(shape, specs);
  capture(models.model, pass, 'blocks.0.attention.pattern');
  expect(models.model.blocks[0].residual.some((x) => x !== 0)).toBe(true);
  expect(models.model.blocks[1].attention.z.every((x) => x === 0)).toBe(true);
  expect(models.clean!.blocks[1].attention.z.every((x) => x === 0)).toBe(true);
});

test('of fewer sequences', () => {
  const { models, pass } = intervened(shape, []);
  expect(capture(models.model, pass, 'embedding', 2).get('embedding')?.sizes).toEqual([2, 5, 8]);
});
