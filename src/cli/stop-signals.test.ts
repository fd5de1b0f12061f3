import { expect, test } from 'vitest';
import { listenForStop } from './stop-signals.ts';
import { fakeContext } from './testing.ts';

test.each(['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGHUP'])(
  '%s asks for a stop, a later signal ends at once',
  (name) => {
    const { context, clock, exits, send } = fakeContext();
    const heard: string[] = [];
    const { signal } = listenForStop(context, (which) => heard.push(which));
    expect(signal.aborted).toBe(false);
    send(name);
    expect([signal.aborted, heard, exits]).toEqual([true, [name], []]);
    clock.ms += 2000;
    send('SIGTERM');
    expect([heard, exits]).toEqual([[name], [75]]);
  },
);

test('the same key press heard twice is one signal', () => {
  const { context, clock, exits, send } = fakeContext();
  listenForStop(context, () => undefined);
  send('SIGINT');
  clock.ms += 20;
  send('SIGINT');
  expect(exits).toEqual([]);
});

test('afterwards the signals are left alone', () => {
  const { context, exits, send, listening } = fakeContext();
  const { signal, dispose } = listenForStop(context, () => undefined);
  expect(listening()).toBe(4);
  dispose();
  send('SIGINT');
  expect([signal.aborted, exits, listening()]).toEqual([false, [], 0]);
});

test('but not after a stop: the second half of a key press must not kill a program about to leave', () => {
  const { context, clock, exits, send, listening } = fakeContext();
  const { dispose } = listenForStop(context, () => undefined);
  send('SIGINT');
  dispose();
  clock.ms += 20;
  send('SIGINT');
  expect([exits, listening()]).toEqual([[], 4]);
});
