/** Runs the hashing program in another process of Node: with flags, or under another version. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { canSeeInstructions, type Elsewhere, kernelCodeIn, kernelsPath, newFolder } from './elsewhere.ts';
import type { HashedRuns, HashWish } from './hash-short-runs.ts';

export interface OtherNode {
  readonly path: string;
  readonly version: string;
}

export interface NodeProcess {
  readonly node: string;
  readonly flags: readonly string[];
  /** `node-program.ts`, bundled or, for threads, as it is. */
  readonly program: string;
  readonly wish: HashWish;
}

/** @throws with what it printed where it does not end well; Node says `bad option` of a flag it does not know */
export async function hashInNode({ node, flags, program, wish }: NodeProcess): Promise<Elsewhere> {
  const folder = newFolder();
  try {
    const dump = canSeeInstructions() ? ['--perf-prof'] : [];
    const words = [...flags, ...dump, program, kernelsPath(), JSON.stringify(wish)];
    // An option in the environment would hold for every process, the comparison's own included.
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(node, words, { cwd: folder, env, maxBuffer: 1e8 });
    return { hashed: JSON.parse(stdout) as HashedRuns, ...kernelCodeIn(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every Node on the PATH of another major version than this one, from 20 on (18 has no `toSorted`), each once. */
export function otherNodes(): OtherNode[] {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const paths = new Set(places.filter((path) => existsSync(path)).map((path) => realpathSync(path)));
  const majorOf = (version: string) => Number(/^v(\d+)\./.exec(version)?.[1]);
  return [...paths]
    .map((path) => ({ path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() }))
    .filter(({ version }) => majorOf(version) >= 20 && majorOf(version) !== majorOf(process.version));
}
