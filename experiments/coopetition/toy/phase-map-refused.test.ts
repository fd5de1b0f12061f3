/** Where Node gives no threads a map is computed all the same. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

it('is the map that one thread makes', { timeout: 60_000 }, () => {
  const words = 'toy --map --cells 3 --seed 7 --dims 5,5,5,8 --steps 300 --csv --threads'.split(' ');
  const program = path('../../../bin/iclab.js');
  const without = path('../../../test/threads/without-workers.ts');
  const map = (threads: string, ...flags: string[]) =>
    execFileSync(process.execPath, [...flags, program, ...words, threads], { encoding: 'utf8' });
  expect(map('2', '--import', without)).toBe(map('1'));
});
