import { expect, test } from 'vitest';
import { measureQuietly } from './quiet-machine.ts';

/** Looks at a machine that is idle or not as the list says, then always idle. */
function looks(...answers: boolean[]) {
  return () => Promise.resolve(answers.shift() ?? true);
}

function counted() {
  let count = 0;
  return () => Promise.resolve(++count);
}

test('an idle machine is measured once', async () => {
  expect(await measureQuietly(counted(), 1e6, looks())).toEqual({ result: 1, wasQuiet: true });
});

test('a busy one is waited for, and what a neighbour disturbed is measured again', async () => {
  const isQuiet = looks(false, false, true, false, false, true, true);
  expect(await measureQuietly(counted(), 1e6, isQuiet)).toEqual({ result: 2, wasQuiet: true });
});

test('patience ends: what was measured is told as disturbed', async () => {
  expect(await measureQuietly(counted(), 0, looks(false))).toEqual({ result: 1, wasQuiet: false });
  expect(await measureQuietly(counted(), 0, looks(true, false))).toEqual({ result: 1, wasQuiet: false });
});
