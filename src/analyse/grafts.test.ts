import { expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import { randomWeights } from '../model/testing.ts';
import { graftAnalysis, graftEvaluators } from './grafts.ts';
import { finish, testProbe } from './testing.ts';

test("one model's first half with another's second is the same from either side, and leaves nothing behind", () => {
  const probe = testProbe(createReferenceKernels(), {}, 200);
  const weights = () => new Map(probe.model.parameters.list.map(({ name, data }) => [name, data.slice()]));
  const plain = () =>
    Object.fromEntries(
      graftEvaluators.map((name) => [name, finish(probe.evaluate(probe.set(name), 'inContextAccuracy', []))]),
    );
  const first = weights();
  randomWeights(probe.model, 8, 1);
  const second = weights();
  const secondPlain = plain();
  const measure = (direction: 'in' | 'out', donor: typeof first) =>
    finish(graftAnalysis({ direction, weights: donor, hash: '' }).measure(probe));
  const firstBelow = measure('in', first);
  expect(measure('out', second)).toEqual(secondPlain);
  expect(weights()).toEqual(second);
  probe.load(first);
  expect(measure('out', second)).toEqual(firstBelow);
  expect(firstBelow).not.toEqual(secondPlain);
  expect(firstBelow).not.toEqual(plain());
});
