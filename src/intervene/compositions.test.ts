/**
 * Any interventions together: refused in one line, or the same logits as written down plainly, and gradients that equal
 * central differences along a random direction.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabError } from '../errors/lab-error.ts';
import type { ModelShape } from '../model/config.ts';
import { readSite } from '../model/read-site.ts';
import { siteTable } from '../model/sites.ts';
import { KeptGradients, testRandom, variants } from '../model/testing.ts';
import { type Intervention, interventionSchema } from './intervention.ts';
import { frozenParameters } from './pass-models.ts';
import { plainIntervened } from './plain-interventions.ts';
import { planInterventions } from './plan.ts';
import { batchSize, type Intervened, intervened, sequencesOf, weightsOf } from './testing.ts';

const shape: ModelShape = { ...variants['attention only, learned positions'], mlpRatio: 1 };
const [weights, donor, sequences] = [weightsOf(shape, 1), weightsOf(shape, 7), sequencesOf(shape, 3)];

const head = fc.constantFrom('0:0', '0:1', '1:0', '1:1', '0:*', '1:*');
const heads = fc.uniqueArray(head, { minLength: 1, maxLength: 2 });
const strength = fc.constantFrom(0, 0.3, 1);
const labelRowsOnly = fc.boolean();
const graft = { run: fc.constant('donor'), sequences: fc.constant(0) };
const site = fc.constantFrom(...siteTable(shape).map(({ name }) => name));
const places = fc.constantFrom('query', 'labels', 'exemplars');
const one = fc.oneof(
  fc.record({ kind: fc.constant('ablateHeads'), heads }),
  fc.record({
    kind: fc.constant('preserve'),
    sites: fc.uniqueArray(fc.constantFrom('queries', 'keys', 'values', 'patterns'), { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant('ablateEmbedding'), part: fc.constantFrom('token', 'all') }),
  fc.record({ kind: fc.constant('inductionHeads'), heads, strength }),
  fc.record({ kind: fc.constant('previousTokenHeads'), heads, strength, labelRowsOnly }),
  fc.record({ kind: fc.constant('forbidPreviousToken'), heads, labelRowsOnly }),
  fc.record({
    kind: fc.constant('headTemperature'),
    temperatures: fc.dictionary(head, fc.constantFrom(0.5, 1, 4), { minKeys: 1, noNullPrototype: true }),
  }),
  fc.record({ kind: fc.constant('labelsOnly'), heads: fc.constant(['1:1']) }),
  fc.record({ kind: fc.constant('matchHeads'), heads, temperature: fc.constantFrom(0, 0.5) }),
  fc.record({ kind: fc.constant('graftIn'), throughBlock: fc.constantFrom(0, 1), ...graft }),
  fc.record({ kind: fc.constant('graftOut'), afterBlock: fc.constantFrom(0, 1), ...graft }),
  fc.record({
    kind: fc.constant('clamp'),
    site,
    mask: fc.oneof(fc.constant({}), fc.record({ places })),
    value: fc.oneof(fc.constantFrom(0, 0.7), fc.constant('clean'), fc.record(graft)),
  }),
);

/** Along a random direction of all weights that learn. */
function expectGradient({ models, pass, plan }: Intervened): void {
  const random = testRandom(11);
  const frozen = new Set(frozenParameters(shape, plan.needs.grafts));
  const learning = models.parameters.list.filter(({ name }) => !frozen.has(name));
  const steps = learning.map(({ data }) => ({ data, by: data.map(() => 2 * random.uniform() - 1) }));
  const sink = new KeptGradients();
  pass.forward();
  pass.backward(batchSize);
  models.model.giveGradients(sink, batchSize);
  let slope = 0;
  for (const [p, { by }] of steps.entries())
    by.forEach((step, i) => (slope += step * sink.gradients.get(learning[p].name)![i]));
  const lossAt = (distance: number) => {
    for (const { data, by } of steps) for (let i = 0; i < data.length; i++) data[i] += distance * by[i];
    pass.forward();
    const loss = models.model.unembedding.meanLoss(batchSize);
    for (const { data, by } of steps) for (let i = 0; i < data.length; i++) data[i] -= distance * by[i];
    return loss;
  };
  const h = 1e-6;
  const measured = (lossAt(h) - lossAt(-h)) / (2 * h);
  expect(Math.abs(measured - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
}

test('the pass and the plain model agree on all that is not refused', { timeout: 120_000 }, () => {
  let agreed = 0;
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (list) => {
      const specs: Intervention[] = list.map((fields) => interventionSchema.parse(fields));
      try {
        planInterventions(shape, specs);
      } catch (error) {
        expect(error).toBeInstanceOf(LabError);
        expect((error as LabError).message).toMatch(/^interventions\[\d\] \([^\n]+\): [^\n]+$/);
        return;
      }
      agreed++;
      const { pass, models } = intervened(shape, specs);
      pass.forward();
      const { data } = readSite(models.model, 'logits', batchSize);
      const plain = sequences.flatMap((sequence) => plainIntervened(specs, weights, donor, shape, sequence));
      for (const [i, value] of plain.entries()) expect(data[i]).toBeCloseTo(value, 8);
      expectGradient(intervened(shape, specs));
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(agreed).toBeGreaterThan(80);
});
