/** The files of this repository that print messages, and those that test them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../../src/errors/lab-error.ts';
import { literalsOf } from './quotes.ts';
import { type ScanResult, scanMessages } from './scan.ts';
import { Sources } from './syntax.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** What only tests import. */
const forTests = /(^|\/)(testing|test-tables|memory-storage|power-loss)\.ts$|\/fault-testing\//;

function filesIn(folders: readonly string[], isWanted: (path: string) => boolean): TextFile[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && folders.includes(entry.name))
    .flatMap(({ name }) =>
      readdirSync(`${root}/${name}`, { recursive: true, encoding: 'utf8' }).map((file) => `${name}/${file}`),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('/node_modules/') && isWanted(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
}

/** Every message of the program as it stands. */
export function scanRepository(): ScanResult {
  const sources = filesIn(
    ['src', 'experiments'],
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !forTests.test(path),
  );
  const starters = ['bin/iclab.js', 'bin/pinned-node.js', 'scripts/prepare.js'];
  const started = starters.map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
  return scanMessages([...sources, ...started], exitCodes);
}

/** What the tests spell out, and the lines of their snapshots. */
export function testLiterals(): string[] {
  const folders = ['src', 'experiments', 'apps', 'bench', 'scripts', 'test'];
  const tests = new Sources(filesIn(folders, (path) => path.endsWith('.test.ts')));
  const snapshots = filesIn(folders, (path) => path.endsWith('.snap'));
  return [...tests.trees.flatMap(literalsOf), ...snapshots.flatMap(({ text }) => text.split('\n'))];
}
