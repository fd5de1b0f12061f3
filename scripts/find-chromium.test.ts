import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findChromium } from './find-chromium.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-chromium-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** An executable file of that name in a folder of its own; returns the folder. */
function install(name: string, mode = 0o755): string {
  const home = join(folder, name);
  mkdirSync(home);
  writeFileSync(join(home, name), '');
  chmodSync(join(home, name), mode);
  return home;
}

test('takes the first on PATH', () => {
  const chrome = install('google-chrome');
  const chromium = install('chromium');
  expect(findChromium({ PATH: [folder, chrome, chromium].join(delimiter) })).toBe(
    join(chrome, 'google-chrome'),
  );
});

test('passes over a file that cannot be run', () => {
  const home = install('chromium', 0o644);
  expect(findChromium({ PATH: home })).not.toBe(join(home, 'chromium'));
});

test('CHROMIUM wins over PATH', () => {
  const chrome = install('google-chrome');
  const chromium = install('chromium');
  expect(findChromium({ PATH: chrome, CHROMIUM: join(chromium, 'chromium') })).toBe(
    join(chromium, 'chromium'),
  );
});

test('a CHROMIUM that is not there is an error, not a skip', () => {
  expect(() => findChromium({ CHROMIUM: join(folder, 'gone') })).toThrow(
    /^CHROMIUM: ".*gone" is not an executable file; give the path of a Chromium or unset it$/,
  );
});
