/** Signals to a program that is still loading its parts: it has begun nothing, so it may end at once, without a word. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode } from './program.ts';

const checkout = mkdtempSync(join(tmpdir(), 'iclab-loading-'));
beforeAll(() => {
  cpSync(fileURLToPath(new URL('../../bin', import.meta.url)), join(checkout, 'bin'), { recursive: true });
  writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(checkout, 'src', 'cli'), { recursive: true });
  // Loading never ends; an unknown number of milliseconds would make a race of it.
  writeFileSync(
    join(checkout, 'src', 'cli', 'main.ts'),
    `console.log('{"kind":"loading"}'); await new Promise((resolve) => setTimeout(resolve, 1e9));`,
  );
});
afterAll(() => rmSync(checkout, { recursive: true }));

test.each([
  ['SIGINT', { code: null, signal: 'SIGINT' }],
  ['SIGTERM', { code: null, signal: 'SIGTERM' }],
  ['SIGHUP', { code: null, signal: 'SIGHUP' }],
  ['SIGUSR1', { code: 75, signal: null }], // and not: a debugger's port is opened and the program goes on
] as const)('%s', async (name, end) => {
  const running = startNode([join(checkout, 'bin', 'iclab.js'), 'train', 'smoke']);
  running.onEvent(() => running.child.kill(name));
  expect(await running.ended).toMatchObject({ ...end, errors: '' });
});
