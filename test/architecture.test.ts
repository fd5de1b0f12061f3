/** Proves that the sources keep to test/architecture/layers.ts, and that each of the checks can fail. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  checkBrowserSafety,
  checkCycles,
  checkLayers,
  checkLengths,
  checkLoadTimeEffects,
  checkNames,
  checkPackages,
} from './architecture/checks.ts';
import { readFacts, type SourceFile } from './architecture/facts.ts';
import { layers, longestFile } from './architecture/layers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function readSources(...folders: string[]): SourceFile[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && folders.includes(entry.name))
    .flatMap(({ name }) =>
      readdirSync(`${root}/${name}`, { recursive: true, encoding: 'utf8' }).map((file) => `${name}/${file}`),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.includes('/node_modules/'))
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
}

describe('the sources', () => {
  const program = readSources('src', 'experiments', 'apps', 'bench');
  const everything = [...program, ...readSources('assembly', 'scripts', 'test')];
  const facts = program.map(readFacts);

  test('are found', () => {
    expect(facts.map(({ path }) => path)).toContain('src/errors/lab-error.ts');
  });
  test('import only folders above their own', () => expect(checkLayers(facts)).toEqual([]));
  test('have no import cycle', () => expect(checkCycles(facts)).toEqual([]));
  test('stay loadable in a browser where they have to be', () =>
    expect(checkBrowserSafety(facts)).toEqual([]));
  test('do nothing while they are loaded', () => expect(checkLoadTimeEffects(facts)).toEqual([]));
  test('import only declared packages', () => {
    const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(checkPackages(facts, Object.keys(manifest.dependencies))).toEqual([]);
  });
  test('are named after what they hold', () =>
    expect(checkNames(everything.map(({ path }) => path))).toEqual([]));
  test('are short', () => expect(checkLengths(everything)).toEqual([]));
});

test('CONTRIBUTING.md shows the layers as they are, in their order', () => {
  const text = readFileSync(`${root}/CONTRIBUTING.md`, 'utf8');
  const shown = [...text.matchAll(/^\| `src\/(\w+)` \| .* \| (yes|no) \|$/gm)];
  expect(shown.map(([, folder, safe]) => ({ folder, browserSafe: safe === 'yes' }))).toEqual(layers);
});

/** A tree in memory, written as { path: text }, as the facts the checks take. */
const tree = (sources: Record<string, string>) =>
  Object.entries(sources).map(([path, text]) => readFacts({ path, text }));

describe('a check can fail', () => {
  test.each([
    ['static', `import { a } from '../model/a.ts';`],
    ['type', `import type { A } from '../model/a.ts';`],
    ['re-export', `export * from '../model/a.ts';`],
    ['named re-export', `export { a } from '../model/a.ts';`],
    ['dynamic', `export const load = () => import('../model/a.ts');`],
    ['inline type', `export type A = import('../model/a.ts').A;`],
    ['worker', `export const url = () => new URL('../model/a.ts', import.meta.url);`],
  ])('layers: %s import of a folder below', (_, text) => {
    expect(checkLayers(tree({ 'src/engine/x.ts': `\n${text}` }))).toEqual([
      'src/engine/x.ts:2: imports src/model/a.ts, but src/model is below src/engine',
    ]);
    expect(checkLayers(tree({ 'src/runs/x.ts': text }))).toEqual([]);
  });

  test.each([
    ['src/engine/x.ts', 'src/engine/sub/y.ts', true],
    ['src/engine/x.ts', 'experiments/y.ts', false],
    ['src/engine/x.ts', 'scripts/y.ts', false],
    ['src/engine/x.ts', 'test/y.ts', false],
    ['src/engine/x.test.ts', 'test/y.ts', true],
    ['src/engine/x.test.ts', 'src/model/y.ts', false],
    ['src/engine/x.ts', 'src/engine/y.test.ts', false],
    ['src/cli/x.ts', 'experiments/y.ts', true],
    ['src/library/x.ts', 'experiments/y.ts', true],
    ['src/library/x.ts', 'src/cli/y.ts', false],
    ['src/cli/x.ts', 'apps/y.ts', false],
    ['src/cli/x.ts', 'src/errors/y.ts', true],
    ['experiments/a/x.ts', 'src/report/y.ts', true],
    ['experiments/a/x.ts', 'src/cli/y.ts', false],
    ['experiments/a/x.ts', 'src/library/y.ts', false],
    ['experiments/a/x.ts', 'apps/y.ts', false],
    ['apps/a/x.ts', 'experiments/y.ts', true],
    ['apps/a/x.ts', 'src/cli/y.ts', false],
    ['bench/x.ts', 'src/train/y.ts', true],
    ['bench/x.ts', 'src/cli/y.ts', false],
    ['src/nowhere/x.ts', 'src/errors/y.ts', false],
    ['src/engine/x.ts', '../elsewhere/y.ts', false],
    ['src/engine/x.ts', 'package.json', true],
    ['src/engine/x.ts', 'vitest.config.ts', false],
  ])('layers: %s imports %s: %s', (from, to, allowed) => {
    const up = '../'.repeat(from.split('/').length - 1);
    expect(checkLayers(tree({ [from]: `import '${up}${to}';` }))).toHaveLength(allowed ? 0 : 1);
  });

  test('cycles: over three files, and of a file with itself', () => {
    const files = tree({
      'src/data/a.ts': `import './b.ts';`,
      'src/data/b.ts': `import type { C } from './c.ts';`,
      'src/data/c.ts': `export const a = () => import('./a.ts');`,
      'src/data/d.ts': `import './a.ts'; import './d.ts';`,
    });
    expect(checkCycles(files)).toEqual([
      'import cycle: src/data/a.ts -> src/data/b.ts -> src/data/c.ts -> src/data/a.ts',
      'import cycle: src/data/d.ts -> src/data/d.ts',
    ]);
    expect(checkCycles(files.slice(0, 2))).toEqual([]);
  });

  test.each([
    ['node: import', `import { join } from 'node:path';`],
    ['node: type import', `import type { Stats } from 'node:fs';`],
    ['Buffer', `export const f = () => Buffer.from('x');`],
    ['process', `export const f = () => process.env.HOME;`],
    ['process in shorthand', `export const f = () => ({ process });`],
    ['globalThis.process', `export const f = () => globalThis.process;`],
    ['import of a layer that needs Node', `import { f } from '../runs/f.ts';`],
    ['import of a file that needs Node', `import { f } from './png.ts';`],
  ])('browser safety: %s', (_, text) => {
    expect(checkBrowserSafety(tree({ 'src/report/x.ts': text }))).toHaveLength(1);
    expect(checkBrowserSafety(tree({ 'src/report/x.test.ts': text, 'src/runs/x.ts': text }))).toEqual([]);
  });

  test('browser safety: a file of a layer that needs Node, named as safe, is held to it', () => {
    const named = tree({ 'src/runs/schedule.ts': `import { f } from './run-id.ts';` });
    expect(checkBrowserSafety(named)).toHaveLength(1);
    const user = tree({ 'src/browser/x.ts': `import { f } from '../runs/schedule.ts';` });
    expect(checkBrowserSafety(user)).toEqual([]);
  });

  test('browser safety: a member called process is no global', () => {
    const text = `export const f = (run: { process: number }) => run.process + { process: 1 }.process;`;
    expect(checkBrowserSafety(tree({ 'src/engine/x.ts': text }))).toEqual([]);
  });

  test.each([
    `start();`,
    `if (true) { start(); }`,
    `for (const x of []) x();`,
    `throw new Error('x');`,
    `import 'reflect-metadata';`,
    `const wasm = await load();`,
    `export const started = Date.now();`,
    `export const started = new Date();`,
    `const noise = [Math.random()];`,
    `export const text = readFileSync('x'); import { readFileSync } from 'node:fs';`,
    `const answer = (() => 42)();`,
    `export class Lab { static now = performance.now(); }`,
    `export class Lab { static { start(); } }`,
    `export default fetch('x');`,
  ])('load-time effects: %s', (text) => {
    expect(checkLoadTimeEffects(tree({ 'src/data/x.ts': text }))).toHaveLength(1);
    expect(checkLoadTimeEffects(tree({ 'src/data/x.test.ts': text, 'bench/save-cost.ts': text }))).toEqual(
      [],
    );
  });

  test.each([
    `export const table = new Map([['a', 1]]);`,
    `export const schema = z.strictObject({ rate: z.number() }); import { z } from 'zod';`,
    `export const now = () => Date.now();`,
    `export class Clock { started = Date.now(); async wait() { await this.tick(); } }`,
    `export interface A { b: number } export type C = A; declare const d: number;`,
    `const here = fileURLToPath(import.meta.url); import { fileURLToPath } from 'node:url';`,
    `export function f() { console.log('x'); } export { f as g };`,
  ])('load-time effects: none in %s', (text) => {
    expect(checkLoadTimeEffects(tree({ 'src/data/x.ts': text }))).toEqual([]);
  });

  test('packages', () => {
    const files = tree({
      'src/data/x.ts': `import { z } from 'zod'; import fc from 'fast-check'; import '@scope/a/b'; import 'zod/v4';`,
      'src/data/x.test.ts': `import fc from 'fast-check';`,
    });
    expect(checkPackages(files, ['zod'])).toEqual([
      'src/data/x.ts:1: imports fast-check, which package.json does not list as a dependency',
      'src/data/x.ts:1: imports @scope/a, which package.json does not list as a dependency',
    ]);
  });

  test('names', () => {
    expect(checkNames(['src/data/utils/x.ts', 'src/data/helpers.ts', 'src/data/common-law.ts'])).toHaveLength(
      2,
    );
  });

  test('lengths: too long, allowed, and allowed for nothing', () => {
    const lines = (count: number) => 'x\n'.repeat(count);
    const files = [
      { path: 'src/data/a.ts', text: lines(longestFile) },
      { path: 'src/data/b.ts', text: lines(longestFile + 1) },
    ];
    expect(checkLengths(files, {})).toEqual([
      `src/data/b.ts: 401 lines; split it, or give the reason in longFiles`,
    ]);
    expect(checkLengths(files, { 'src/data/b.ts': 'one table' })).toEqual([]);
    expect(checkLengths(files, { 'src/data/b.ts': 'one table', 'src/data/a.ts': 'was long' })).toHaveLength(
      1,
    );
  });

  test('a source that cannot be parsed is reported by its path', () => {
    expect(() => readFacts({ path: 'src/data/x.ts', text: 'const = 3;' })).toThrow(/^src\/data\/x\.ts: /);
  });
});
