/**
 * Compiles the sources to JavaScript with type declarations, src/ and experiments/ -> build/package/, with the options
 * of tsconfig.package.json: inside node_modules no Node runs TypeScript. What the program reads beside its sources
 * (kernels, golden traces, version) lies there at the same places as in a checkout. Does nothing when none of it has
 * changed since the last build; `npm run check` is what checks the types.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'build', 'package');
const stamp = join(target, '.built-from');
const compiler = join(root, 'node_modules', 'typescript');

/** Files under a folder, relative to the root, with forward slashes, sorted. */
function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => ending.test(file))
    .sort();
}

const copied = ['build/kernels.wasm', ...filesUnder('test/golden', /\.safetensors$/)];

function digestOfInputs(): string {
  const inputs = [
    ...['src', 'experiments'].flatMap((folder) => filesUnder(folder, /(?<!\.test)\.(ts|json)$/)),
    ...copied,
    'package.json',
    'tsconfig.json',
    'tsconfig.package.json',
    'scripts/build-package.ts',
  ];
  const hash = createHash('sha256').update(readFileSync(join(compiler, 'package.json')));
  for (const file of inputs) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function isBuiltFrom(digest: string): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
}

/** Runs tsc; it leaves the names in declarations as they are, and of workers in a page, and those end in .ts. */
function compile(into: string): void {
  const words = [join(compiler, 'bin', 'tsc'), '-p', 'tsconfig.package.json', '--outDir', into];
  const tsc = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (tsc.status !== 0) {
    throw new Error(`the sources do not compile (tsc ended with ${tsc.status ?? tsc.signal}); see above`);
  }
  for (const file of readdirSync(into, { recursive: true, encoding: 'utf8' })) {
    const names = file.endsWith('.d.ts')
      ? /(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g
      : /(?<=new Worker\(new URL\()(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g;
    if (!/\.(d\.ts|js)$/.test(file)) continue;
    const text = readFileSync(join(into, file), 'utf8');
    const renamed = text.replace(names, '$1$2.js$1');
    if (renamed !== text) writeFileSync(join(into, file), renamed);
  }
}

/** Everything beside the compiled sources. */
function copyRest(into: string): void {
  for (const file of copied) {
    mkdirSync(dirname(join(into, file)), { recursive: true });
    copyFileSync(join(root, file), join(into, file));
  }
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  writeFileSync(
    join(into, 'package.json'),
    `${JSON.stringify({ name, version, license, type: 'module' })}\n`,
  );
}

/** The folder reaches its place by a rename: whoever imports from it finds all of one build. */
function build(digest: string): void {
  const half = join(root, 'build', `package.${process.pid}`);
  const old = join(root, 'build', `package.${process.pid}.old`);
  try {
    compile(half);
    copyRest(half);
    writeFileSync(join(half, '.built-from'), digest);
    if (existsSync(target)) renameSync(target, old);
    renameSync(half, target);
  } catch (error) {
    if (!isBuiltFrom(digest)) throw error; // else another build of the same sources came first
  } finally {
    for (const folder of [half, old]) rmSync(folder, { recursive: true, force: true });
  }
}

try {
  const digest = digestOfInputs();
  if (!isBuiltFrom(digest)) build(digest);
} catch (error) {
  console.error(`build:package: ${(error as Error).message}`);
  process.exitCode = 1;
}
