/**
 * The package as npm would install it, in a project of its own: what `npm pack` would put into it, copied to where no
 * Node runs TypeScript, with the dependencies of this checkout beside it. And the example, which imports this checkout's.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

const short = ['train.trainSequences=96', 'evaluate.everySequences=96', 'evaluate.sequencesPerEvaluator=20'];

interface Packed {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let home = '';
let packed: Packed;
let paths: string[] = [];

/** Runs this test's Node, which neither finds nor needs anything of the checkout. */
function node(...words: string[]) {
  return spawnSync(process.execPath, words, { cwd: home, encoding: 'utf8' });
}

function link(name: string): void {
  const place = join(home, 'node_modules', name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), place, 'junction');
}

beforeAll(() => {
  const built = spawnSync(process.execPath, ['scripts/build-package.ts'], { cwd: root, encoding: 'utf8' });
  expect(built).toMatchObject({ status: 0, stderr: '' });
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const told = spawnSync('npm', words, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  expect(told.status, told.stderr).toBe(0);
  const answer = JSON.parse(told.stdout) as Packed[] | Record<string, Packed>;
  [packed] = Object.values(answer);
  paths = packed.files.map(({ path }) => path);

  home = realpathSync(mkdtempSync(join(tmpdir(), 'iclab-package-')));
  for (const path of paths) {
    const place = join(home, 'node_modules', 'iclab', path);
    mkdirSync(dirname(place), { recursive: true });
    copyFileSync(join(root, path), place);
  }
  for (const name of Object.keys(manifest.dependencies)) link(name);
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the package', () => {
  test('has what it needs', () => {
    const needed = ['README.md', 'LICENSE', 'bin/iclab.js', 'bin/pinned-node.js', 'docs/library.md'];
    const compiled = [
      'src/cli/main.js',
      'src/library/index.js',
      'src/library/index.d.ts',
      'src/browser/index.js',
      'src/browser/index.d.ts',
      'src/browser/worker.js',
      'build/kernels.wasm',
    ];
    expect(paths).toEqual(
      expect.arrayContaining([...needed, ...compiled.map((path) => `build/package/${path}`)]),
    );
  });

  test('has no tests, no sources and nothing large', () => {
    expect(paths.filter((path) => /\.test\.|(?<!\.d)\.ts$|^(src|node_modules|runs)\//.test(path))).toEqual(
      [],
    );
    expect(packed.unpackedSize).toBeLessThan(6e6);
  });

  test('imports nothing that it does not have', () => {
    const missing = paths
      .filter((path) => /\.(js|d\.ts)$/.test(path) && !path.startsWith('bin/'))
      .flatMap((path) => {
        const text = readFileSync(join(root, path), 'utf8');
        return [...text.matchAll(/(?:from|import\(?|URL\()\s*['"](\.[^'"]+)['"]/g)]
          .map(([, target]) => ({ path, target, file: join(root, dirname(path), target) }))
          .filter(({ file }) => !existsSync(file));
      });
    expect(missing).toEqual([]);
  });
});

describe('installed', () => {
  test('the command trains, exports and verifies', { timeout: 60_000 }, () => {
    const iclab = (...words: string[]) => node('node_modules/iclab/bin/iclab.js', ...words);
    expect(iclab('--version')).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
    expect(iclab('train', 'smoke', ...short, '--threads', '2', '--out', 'runs/a')).toMatchObject({
      status: 0,
      stderr: '',
    });
    // Each a process of its own, which finds its program in the package.
    expect(iclab('train', 'smoke', ...short, '--runs', '2', '--out', 'runs/two')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(iclab('export', 'a', '--parquet')).toMatchObject({
      status: 0,
      stdout: 'a.parquet: 10 rows (evaluations of a)\n',
    });
    expect(iclab('verify')).toMatchObject({ status: 0, stderr: '' });
    expect(iclab('reproduce', 'fig1b', '--scale', 'smoke', ...short).stderr).toBe('');
    expect(existsSync(join(home, 'reproduction'))).toBe(true);
  });

  test('a page imports it: a bundler finds the worker and the kernels', { timeout: 60_000 }, async () => {
    const program = `import { makeConfig, startRun } from 'iclab/browser';
      globalThis.start = () => startRun({ config: makeConfig({ preset: 'smoke' }) });`;
    writeFileSync(join(home, 'page.js'), program);
    const rolldownOptions = { input: join(home, 'page.js'), output: { assetFileNames: '[name][extname]' } };
    const options = { outDir: 'page', rolldownOptions, assetsInlineLimit: 0 };
    await build({ root: home, configFile: false, logLevel: 'error', build: options });
    const built = readdirSync(join(home, 'page'), { recursive: true, encoding: 'utf8' });
    expect(built).toContain('kernels.wasm');
    expect(built.filter((name) => /worker.*\.js$/.test(name))).toHaveLength(1);
  });

  test('a program imports it, from JavaScript and from TypeScript', { timeout: 60_000 }, () => {
    const program = `import { trainRun, drawFig1b, LabError, type Run } from 'iclab';
      const settings = { 'train.trainSequences': 96, 'evaluate.sequencesPerEvaluator': 20 };
      const run: Run = await trainRun({ preset: 'smoke', settings, folder: 'runs/b' });
      const svg: string = drawFig1b(run);
      const error: LabError | undefined = await trainRun({ preset: 'smok' }).then(() => undefined, (e) => e);
      console.log(run.sequences, svg.slice(0, 4), error instanceof LabError && error.exitCode);`;
    writeFileSync(join(home, 'program.ts'), program);
    expect(node('program.ts')).toMatchObject({ status: 0, stdout: '96 <svg 64\n', stderr: '' });

    link('@types/node');
    link('undici-types');
    const options = { module: 'NodeNext', target: 'ES2024', strict: true, noEmit: true, types: ['node'] };
    const config = { compilerOptions: options, files: ['program.ts'] };
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(config));
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(node(compiler, '-p', '.')).toMatchObject({ status: 0, stdout: '' });
    writeFileSync(join(home, 'program.ts'), program.replace("preset: 'smok'", 'preset: 5'));
    expect(node(compiler, '-p', '.').stdout).toContain("Type 'number' is not assignable to type 'string'");
  });
});

test('examples/train-and-plot.ts learns in context and draws it', { timeout: 120_000 }, () => {
  const { status, stdout, stderr } = node(join(root, 'examples', 'train-and-plot.ts'));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [, accuracies] = /^ICL accuracy: (.*)$/m.exec(stdout) ?? [];
  expect(accuracies.split(' ').map(Number)).toHaveLength(17);
  expect(Number(accuracies.split(' ').at(-1))).toBeGreaterThan(0.9);
  expect(stdout).toMatch(/^iwl: loss \d+\.\d\d nats$/m);
  expect(readFileSync(join(home, 'example.svg'), 'utf8')).toMatch(/^<svg /);
});
