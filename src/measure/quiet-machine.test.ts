import { expect, test } from 'vitest';
import { hadCoresOfTheirOwn } from './gemm-peak.ts';
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
  expect(await measureQuietly(counted(), 1e6, looks())).toMatchObject({ result: 1, wasQuiet: true });
});

test('a busy one is waited for, and what a neighbour disturbed is measured again', async () => {
  const isQuiet = looks(false, false, true, false, false, true, true);
  expect(await measureQuietly(counted(), 1e6, isQuiet)).toMatchObject({ result: 2, wasQuiet: true });
});

test('what the result itself tells of counts too', async () => {
  const isSound = (count: number) => count > 2;
  expect(await measureQuietly(counted(), 1e6, looks(), isSound)).toMatchObject({ result: 3, wasQuiet: true });
  expect(await measureQuietly(counted(), 0, looks(), isSound)).toMatchObject({ result: 1, wasQuiet: false });
});

test('two threads on one core reach what one does', () => {
  expect(hadCoresOfTheirOwn(1, 90, 85)).toBe(true);
  expect(hadCoresOfTheirOwn(2, 90, 170)).toBe(true);
  expect(hadCoresOfTheirOwn(2, 90, 92)).toBe(false);
});

test('patience ends: what was measured is told as disturbed', async () => {
  expect(await measureQuietly(counted(), 0, looks(false))).toMatchObject({ result: 1, wasQuiet: false });
  expect(await measureQuietly(counted(), 0, looks(true, false))).toMatchObject({
    result: 1,
    wasQuiet: false,
  });
});

test('what waiting took is told, the work itself not counted', async () => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const isQuiet = looks(false, false, true);
  const slowly = async () => {
    await wait(30);
    return isQuiet();
  };
  const { patienceMs } = await measureQuietly(() => wait(2000), 1e6, slowly);
  // Four looks of 30 ms; a busy machine may take longer for them, but hardly the 2 seconds of the work.
  expect(patienceMs).toBeGreaterThan(100);
  expect(patienceMs).toBeLessThan(1900);
});
