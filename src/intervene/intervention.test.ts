/** The one-line form of every kind, read and printed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Intervention,
  interventionExamples,
  interventionSchema,
  parseIntervention,
  printIntervention,
} from './intervention.ts';

test('every kind has an example, which is read and printed again as it stands', () => {
  expect(interventionExamples).toHaveLength(interventionSchema.options.length);
  for (const line of interventionExamples) {
    // A clamp's JSON comes back with its fields in order.
    expect(parseIntervention(printIntervention(parseIntervention(line)))).toEqual(parseIntervention(line));
    if (!line.startsWith('clamp')) expect(printIntervention(parseIntervention(line))).toBe(line);
  }
});

describe('one line', () => {
  test.each<[string, Intervention]>([
    ['ablateHeads=0:1, 0:4', { kind: 'ablateHeads', heads: ['0:1', '0:4'] }],
    ['ablateEmbedding', { kind: 'ablateEmbedding', part: 'token' }],
    ['ablateEmbedding=all', { kind: 'ablateEmbedding', part: 'all' }],
    ['inductionHeads=1:3,1:5@0.8', { kind: 'inductionHeads', heads: ['1:3', '1:5'], strength: 0.8 }],
    [
      'previousTokenHeads=0:0@1',
      { kind: 'previousTokenHeads', heads: ['0:0'], strength: 1, labelRowsOnly: false },
    ],
    ['forbidPreviousToken=0:*', { kind: 'forbidPreviousToken', heads: ['0:*'], labelRowsOnly: false }],
    ['headTemperature=1:2@.25, 1:3@4', { kind: 'headTemperature', temperatures: { '1:2': 0.25, '1:3': 4 } }],
    ['graftIn=0@a:b@c:20e6', { kind: 'graftIn', throughBlock: 0, run: 'a:b@c', sequences: 20_000_000 }],
    [
      'graftOut=1@runs/main:1.2M',
      { kind: 'graftOut', afterBlock: 1, run: 'runs/main', sequences: 1_200_000 },
    ],
    ['graftOut=1@runs/main:20_000', { kind: 'graftOut', afterBlock: 1, run: 'runs/main', sequences: 20_000 }],
    [
      'clamp={"site":"blocks.*.attention.z","value":"clean","mask":{"places":"labels"}}',
      { kind: 'clamp', site: 'blocks.*.attention.z', mask: { places: 'labels' }, value: 'clean' },
    ],
    ['{"kind":"labelsOnly","heads":["1:0"]}', { kind: 'labelsOnly', heads: ['1:0'] }],
  ])('%s', (line, spec) => expect(parseIntervention(line)).toEqual(spec));
});

const head = fc.tuple(fc.nat(99), fc.oneof(fc.nat(99), fc.constant('*'))).map(([b, h]) => `${b}:${h}`);
const heads = fc.uniqueArray(head, { minLength: 1, maxLength: 4 });
const strength = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0);
const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
const labelRowsOnly = fc.boolean();
/** What a shell hands over unharmed, colons and at-signs included. */
const run = fc.stringMatching(/^[\w./:@=,-]{1,30}$/);
const sequences = fc.nat();
const mask = fc.record(
  {
    heads: fc.array(fc.nat(9), { minLength: 1 }),
    places: fc.oneof(fc.array(fc.nat(9), { minLength: 1 }), fc.constantFrom('query', 'labels', 'exemplars')),
    features: fc.array(fc.nat(9), { minLength: 1 }),
  },
  { requiredKeys: [] },
);
const specs = fc.oneof(
  fc.record({ kind: fc.constantFrom('ablateHeads', 'labelsOnly'), heads }),
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
    temperatures: fc.dictionary(head, positive, { minKeys: 1, noNullPrototype: true }),
  }),
  fc.record({ kind: fc.constant('matchHeads'), heads, temperature: positive }),
  fc.record({ kind: fc.constant('outputFromHead'), head }),
  fc.record({ kind: fc.constant('graftIn'), throughBlock: fc.nat(99), run, sequences }),
  fc.record({ kind: fc.constant('graftOut'), afterBlock: fc.nat(99), run, sequences }),
  fc.record({
    kind: fc.constant('clamp'),
    site: fc.oneof(
      fc.stringMatching(/^[a-z.*0-9]{1,20}$/),
      fc.array(fc.stringMatching(/^[a-z.]{1,9}$/), { minLength: 1 }),
    ),
    mask,
    value: fc.oneof(strength, fc.constant('clean'), fc.record({ run, sequences })),
  }),
);

test('any spec, printed, is read as the same', () => {
  fc.assert(
    fc.property(specs, (fields) => {
      const spec = interventionSchema.parse(fields);
      expect(parseIntervention(printIntervention(spec))).toEqual(spec);
    }),
  );
});
