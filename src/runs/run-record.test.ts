import { expect, test } from 'vitest';
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
