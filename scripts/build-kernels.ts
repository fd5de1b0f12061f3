/**
 * Compiles the AssemblyScript kernels, assembly/index.ts -> build/kernels.wasm, with the options of
 * assembly/asconfig.json. Does nothing when neither the sources, the options nor the compiler have changed since
 * the last build. `--force` builds anyway; `--text` writes build/kernels.wat beside it, to read.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'assembly');
const target = join(root, 'build', 'kernels.wasm');
const stamp = `${target}.built-from`;
const compiler = join(root, 'node_modules', 'assemblyscript');

/** One digest of everything the compiled file depends on. */
function digestOfInputs(): string {
  const hash = createHash('sha256').update(readFileSync(join(compiler, 'package.json')));
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).sort();
  for (const file of files) {
    if (!/\.(ts|json)$/.test(file)) continue;
    hash.update(`\0${file.replaceAll('\\', '/')}\0`).update(readFileSync(join(source, file)));
  }
  return hash.digest('hex');
}

/** Runs asc; the result reaches its place by a rename, so a reader never sees half a file. */
function compile(text: boolean): void {
  mkdirSync(join(root, 'build'), { recursive: true });
  const half = `build/kernels.${process.pid}.wasm`;
  const flags = ['assembly/index.ts', '--config', 'assembly/asconfig.json', '--outFile', half];
  if (text) flags.push('--textFile', 'build/kernels.wat');
  const asc = spawnSync(process.execPath, [join(compiler, 'bin', 'asc.js'), ...flags], {
    cwd: root,
    stdio: 'inherit',
  });
  if (asc.status !== 0) {
    rmSync(join(root, half), { force: true });
    throw new Error(`the kernels do not compile (asc ended with ${asc.status ?? asc.signal}); see above`);
  }
  renameSync(join(root, half), target);
}

const flags = new Set(process.argv.slice(2));
const digest = digestOfInputs();
const upToDate = existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
if (!upToDate || flags.has('--force') || flags.has('--text')) {
  try {
    compile(flags.has('--text'));
    writeFileSync(stamp, digest);
  } catch (error) {
    console.error(`build:kernels: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
