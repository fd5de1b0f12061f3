/** The files around the sources agree with each other. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as { version: string; license: string };

test('CITATION.cff cites this version, under this license, and both papers', () => {
  const citation = parse(read('CITATION.cff')) as {
    version: string;
    license: string;
    references: { identifiers: { value: string }[] }[];
  };
  expect(citation).toMatchObject({ version: manifest.version, license: manifest.license });
  expect(citation.references.flatMap(({ identifiers }) => identifiers.map(({ value }) => value))).toEqual([
    'arXiv:2503.05631',
    'arXiv:2311.08360',
  ]);
});

test('CHANGELOG.md has a place for what is to come', () => {
  expect(read('CHANGELOG.md')).toMatch(/^## \[Unreleased\]$/m);
});

test('links between the pages lead somewhere', () => {
  const folders = ['.', 'docs', 'experiments'].filter((folder) => existsSync(join(root, folder)));
  const pages = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file)),
  );
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target)
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(pages).toContain('CONTRIBUTING.md');
  expect(broken).toEqual([]);
});
