import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { codeVersion, makeRunRecord } from './run-record.ts';

test('a record says what was run, by what, where and when', () => {
  const command = ['iclab', 'train', 'quick', 'seeds.init=7'];
  const record = makeRunRecord(command, { name: 'wasm' }, new Date(0));
  expect(record).toMatchObject({
    command,
    engine: { name: 'wasm' },
    node: process.version,
    started: '1970-01-01T00:00:00.000Z',
  });
  expect(record.machine.cpus).toBeGreaterThan(0);
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
});

test('the version is that of the package; a commit is 40 digits, and comes with whether anything was changed', () => {
  const { version, commit, changed } = codeVersion();
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(commit ?? '0'.repeat(40)).toMatch(/^[0-9a-f]{40}$/);
  expect(typeof changed).toBe(commit === undefined ? 'undefined' : 'boolean');
});

test.skipIf(process.platform === 'win32')('looking at the checkout takes no lock in it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'iclab-git-'));
  const script = `#!/bin/sh\necho "locks: $GIT_OPTIONAL_LOCKS" > "${folder}/seen"\nexit 1\n`;
  writeFileSync(join(folder, 'git'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH ?? ''}`);
  try {
    expect(codeVersion()).not.toHaveProperty('commit');
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('locks: 0\n');
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  }
});
