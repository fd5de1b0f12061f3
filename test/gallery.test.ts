/** What docs/gallery holds is what its commands make, byte for byte. Those that take minutes are run by `npm run test:long`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runCommandLine } from '../src/cli/testing.ts';
import { campaignSize, campaignTimeoutMs } from './campaign.ts';

const gallery = fileURLToPath(new URL('../docs/gallery', import.meta.url));
const readme = readFileSync(join(gallery, 'README.md'), 'utf8');
const rows = [...readme.matchAll(/^\| \[([\w.-]+)\]\(\1\) \|.*\| `iclab ([^`]+)` \|$/gm)].map(
  ([, file, command]): [string, string] => [file, command],
);
const folder = mkdtempSync(join(tmpdir(), 'iclab-gallery-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether a command takes seconds. */
const isQuick = (command: string) => command.startsWith('toy ') && !command.includes('--map');

test('names every file, and none that is not there', () => {
  // A folder in it has a page of its own: what a run of minutes gave.
  const entries = readdirSync(gallery, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ name }) => name).filter((file) => file !== 'README.md');
  expect(rows.map(([file]) => file).toSorted()).toEqual(files.toSorted());
});

const wanted = rows.filter(([, command]) => isQuick(command) || campaignSize({ ci: 0, long: 1 }) === 1);

test.each(wanted)('%s: iclab %s', { timeout: campaignTimeoutMs }, async (file, command) => {
  const drawn = join(folder, file);
  const words = command.split(' ').map((word) => (word === file ? drawn : word));
  const { code, stdout, stderr } = await runCommandLine(words);
  expect([code, stderr]).toEqual([0, '']);
  const made = words.includes(drawn) ? readFileSync(drawn, 'utf8') : stdout;
  // Not toBe: a difference of two SVGs tells nothing.
  expect(made === readFileSync(join(gallery, file), 'utf8'), `${file} is what the command makes`).toBe(true);
});
