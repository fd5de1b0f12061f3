import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { complete, type Lockfile, missingPackages, platformOf } from './complete-lockfile.ts';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

test('the lockfile describes every package it names, on every platform (else run scripts/complete-lockfile.ts)', () => {
  expect(missingPackages(JSON.parse(read('package-lock.json')) as Lockfile)).toEqual([]);
});

test('the lockfile leaves open where packages come from', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved":|https?:\/\/[^"]*\.tgz/);
});

test('the lockfile and package.json have the same version', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect((JSON.parse(read('package-lock.json')) as { version: string }).version).toBe(version);
});

test.each([
  ['@biomejs/cli-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['@oxlint/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
  ['@oxlint/binding-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
  ['@oxlint-tsgolint/win32-x64', { os: ['win32'], cpu: ['x64'] }],
  ['fsevents', undefined],
])('platform of %s', (name, platform) => {
  expect(platformOf(name)).toEqual(platform);
});

test('adds what is missing and touches nothing else', () => {
  const tool = {
    version: '1.2.3',
    dev: true,
    optionalDependencies: { 'tool-linux-x64': '1.2.3', 'tool-darwin-x64': '1.2.3' },
  };
  const here = { version: '1.2.3', dev: true, optional: true, os: ['linux'], cpu: ['x64'] };
  const lockfile: Lockfile = {
    packages: { '': {}, 'node_modules/tool': tool, 'node_modules/tool-linux-x64': here },
  };
  expect(complete(lockfile)).toBe(1);
  expect(lockfile.packages).toEqual({
    '': {},
    'node_modules/tool': tool,
    'node_modules/tool-darwin-x64': {
      version: '1.2.3',
      dev: true,
      optional: true,
      os: ['darwin'],
      cpu: ['x64'],
    },
    'node_modules/tool-linux-x64': here,
  });
  expect(complete(lockfile)).toBe(0);
});

test('leaves alone what it cannot tell: a name without a platform, a range', () => {
  const optionalDependencies = { fsevents: '2.3.3', 'tool-darwin-x64': '^1.0.0' };
  const lockfile: Lockfile = { packages: { 'node_modules/tool': { optionalDependencies } } };
  expect(complete(lockfile)).toBe(0);
  expect(missingPackages(lockfile)).toHaveLength(2);
});
