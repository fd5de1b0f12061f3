/**
 * Makes a checkout ready, and does nothing in one that is: puts the pinned Node first on the PATH of `npm run` and
 * `npx`, then compiles the kernels if need be. Runs after `npm ci` and before `npm test`, `npm run iclab` and the like;
 * after `npm ci` and before packing it also builds what an installed package runs.
 *
 * The link is made here because npm removes it: the packages of the other platforms claim the command `node` as
 * well, and npm, dropping those, deletes node_modules/.bin/node whoever it belongs to.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPinnedNode, isRecentEnough, tooOld } from '../bin/pinned-node.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const commands = join(root, 'node_modules', '.bin');
const onWindows = process.platform === 'win32';

/** Puts `node` among the commands of node_modules. */
function link(node) {
  const place = join(commands, onWindows ? 'node.cmd' : 'node');
  if (existsSync(place)) return;
  mkdirSync(commands, { recursive: true });
  const target = relative(commands, node);
  if (onWindows) {
    writeFileSync(place, `@"%~dp0\\${target}" %*\r\n`);
    return;
  }
  try {
    unlinkSync(place); // a link that leads nowhere is there without existing
  } catch {
    // there was none
  }
  symlinkSync(target, place);
}

const pinned = findPinnedNode();
const works = pinned !== undefined && spawnSync(pinned, ['--version']).status === 0;
if (works) link(pinned);

if (works || isRecentEnough) {
  const node = works ? pinned : process.execPath;
  // A checkout runs its sources as they are: only a package needs them compiled.
  const scripts = ['build-kernels.ts'];
  if (process.env.npm_lifecycle_event === 'prepare') scripts.push('build-package.ts');
  for (const script of scripts) {
    const build = spawnSync(node, [join(root, 'scripts', script)], { stdio: 'inherit' });
    process.exitCode = build.status ?? 1;
    if (process.exitCode !== 0) break;
  }
} else {
  console.error(`prepare: ${tooOld}`);
  process.exitCode = 1;
}
