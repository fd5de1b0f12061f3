/** Ablations and temperatures against what must be so whatever the weights are. */
import { expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import { ablationsAnalysis } from './ablations.ts';
import { headTemperaturesAnalysis, heatedHeadAlone } from './head-temperatures.ts';
import { finish, testProbe } from './testing.ts';

test('with one block nothing lies before it, so whatever is kept the model is whole; without heads it is another', () => {
  const probe = testProbe(createReferenceKernels(), { depth: 1 }, 70);
  const { accuracies, sequences } = finish(ablationsAnalysis.measure(probe));
  expect(sequences).toBe(70);
  for (const name of [
    'outputs',
    'outputsAndQueries',
    'outputsAndKeys',
    'outputsAndValues',
    'earlierHeads',
  ] as const)
    expect(accuracies[name]).toEqual(accuracies.whole);
  expect(accuracies.allHeads).not.toEqual(accuracies.whole);
  expect(accuracies.directPath).not.toEqual(accuracies.whole);
});

test('with two blocks every path that is taken away tells, and IWL has no answer in its context', () => {
  const probe = testProbe(createReferenceKernels(), {}, 200);
  const { accuracies } = finish(ablationsAnalysis.measure(probe));
  const { whole, ...ablated } = accuracies;
  for (const [name, row] of Object.entries(ablated)) expect([name, row]).not.toEqual([name, whole]);
  for (const { iwl } of Object.values(accuracies)) expect(iwl).toBe(0);
});

test('at temperature 1 a head among all is the model as it is, and alone what its interventions give', () => {
  const probe = testProbe(createReferenceKernels(), {}, 40);
  const { temperatures, whole, heads } = finish(headTemperaturesAnalysis.measure(probe));
  const one = temperatures.indexOf(1);
  expect(whole).toBe(finish(probe.evaluate(probe.set('train'), 'inContextProb', [])));
  for (const { head, alone, amongAll } of heads) {
    expect(amongAll[one]).toBe(whole);
    const labelsOnly = heatedHeadAlone(probe.shape, head, 1).slice(0, 2);
    expect(alone[one]).toBe(finish(probe.evaluate(probe.set('train'), 'inContextProb', labelsOnly)));
    expect(new Set(amongAll).size).toBe(temperatures.length);
  }
});
