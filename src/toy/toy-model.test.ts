import { expect, it } from 'vitest';
import { checkedModel, racingDefaults, racingModel } from './toy-model.ts';

const racing = (change: object) => () => racingModel({ ...racingDefaults, ...change });

it('refuses numbers out of range, by the name they were given under', () => {
  expect(racing({ mu1: -0.1 })).toThrow('mu1: expected a number >= 0; got -0.1');
  expect(racing({ mu2: Number.NaN })).toThrow('mu2: expected a number >= 0; got NaN');
  expect(racing({ alpha: Infinity })).toThrow('alpha: expected a number >= 0; got Infinity');
  expect(racing({ dims: [20, 20, 0, 160] })).toThrow(
    'dims.c: expected an integer from 1 to 1,000,000; got 0',
  );
  expect(racing({ dims: [20, 20.5, 20, 160] })).toThrow(
    'dims.b: expected an integer from 1 to 1,000,000; got 20.5',
  );
  expect(racing({ clamp: { c: 21 } })).toThrow(
    'clamp.c: expected an integer from 0 to its 20 entries; got 21',
  );
  expect(racing({ dims: [1e6, 1e6, 1e6, 1] })).toThrow(
    'mechanisms[0]: its tensor would have 1000000000000000000 entries; expected at most 2^53, so take smaller dims',
  );
});

it('refuses vectors it does not have', () => {
  expect(racing({ clamp: { e: 1 } })).toThrow('clamp.e: unknown vector "e"; the model has a, b, c, d');
  const vectors = ['query', 'key'].map((name) => ({ name, dim: 3, clamped: 0 }));
  const model = { vectors, mechanisms: [{ vectors: ['query', 'key'], offset: 0 }], competitions: [] };
  expect(checkedModel(model)).toBe(model);
  const changed = (change: object) => () => checkedModel({ ...model, ...change });
  expect(changed({ mechanisms: [{ vectors: ['query', 'keys'], offset: 0 }] })).toThrow(
    'mechanisms[0]: unknown vector "keys"; the model has query, key',
  );
  expect(changed({ competitions: [{ vectors: ['key', 'key'], strength: 1 }] })).toThrow(
    'competitions[0]: has vector "key" twice; a product takes each vector once',
  );
  expect(changed({ competitions: [{ vectors: [], strength: 1 }] })).toThrow(
    'competitions[0]: expected the names of its vectors; got none',
  );
  expect(changed({ mechanisms: [{ vectors: ['key'], offset: -1 }] })).toThrow(
    'mechanisms[0].offset: expected a number >= 0; got -1',
  );
  expect(changed({ competitions: [{ vectors: ['key'], strength: -2 }] })).toThrow(
    'competitions[0].strength: expected a number >= 0; got -2',
  );
  expect(changed({ competitions: [{ vectors: ['value'], strength: 1 }] })).toThrow(
    'competitions[0]: unknown vector "value"; the model has query, key',
  );
  expect(changed({ mechanisms: [{ vectors: [], offset: 0 }] })).toThrow(
    'mechanisms[0]: expected the names of its vectors; got none',
  );
  expect(changed({ mechanisms: [{ vectors: ['key', 'key'], offset: 0 }] })).toThrow(
    'mechanisms[0]: has vector "key" twice; a product takes each vector once',
  );
  const large = ['x', 'y', 'z'].map((name) => ({ name, dim: 1e6, clamped: 0 }));
  const [one] = model.mechanisms;
  const competitions = [{ vectors: ['x', 'y', 'z'], strength: 1 }];
  expect(changed({ vectors: [...vectors, ...large], mechanisms: [one], competitions })).toThrow(
    'competitions[0]: its tensor would have 1000000000000000000 entries; expected at most 2^53, so take smaller dims',
  );
  expect(changed({ mechanisms: [] })).toThrow('mechanisms: expected at least one; got none');
  expect(changed({ vectors: [vectors[0], vectors[0]] })).toThrow(
    'vector "query": stands in the model twice; give each vector its own name',
  );
});
