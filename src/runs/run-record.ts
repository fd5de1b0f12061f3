/** What is written beside a run before it starts, so that it can be told later what made its numbers. */
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { newRunId } from './run-id.ts';

export interface RunRecord {
  /** The run's own, from its first start on (`run-id.ts`). */
  readonly id: string;
  /** The exact command, one argument per item. */
  readonly command: readonly string[];
  readonly code: CodeVersion;
  /** Whatever the engine says about itself: kind, threads, vector width. */
  readonly engine: Readonly<Record<string, unknown>>;
  readonly node: string;
  readonly machine: {
    readonly platform: string;
    readonly arch: string;
    readonly cpu: string;
    readonly cpus: number;
  };
  /** ISO 8601. */
  readonly started: string;
}

export interface CodeVersion {
  readonly version: string;
  /** Git commit of a checkout; absent in an installed package. */
  readonly commit?: string;
  /** Whether the checkout had changes that were not committed. */
  readonly changed?: boolean;
}

export function makeRunRecord(
  command: readonly string[],
  engine: Readonly<Record<string, unknown>>,
  started: Date,
): RunRecord {
  return {
    id: newRunId(),
    command,
    code: codeVersion(),
    engine,
    node: process.version,
    machine: {
      platform: platform(),
      arch: arch(),
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cpus: cpus().length,
    },
    started: started.toISOString(),
  };
}

const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** This program's version, and in a git checkout of it the commit. */
export function codeVersion(): CodeVersion {
  const manifest = JSON.parse(readFileSync(`${packageRoot}/package.json`, 'utf8')) as { version: string };
  const { version } = manifest;
  const top = git('rev-parse', '--show-toplevel');
  // Installed inside another project's checkout, git would speak of that project.
  if (top === undefined || realpathSync(top) !== realpathSync(packageRoot)) return { version };
  const commit = git('rev-parse', 'HEAD');
  if (commit === undefined) return { version };
  return { version, commit, changed: git('status', '--porcelain') !== '' };
}

/** Git's answer without its line end; undefined where git or the repository is not there. */
function git(...words: string[]): string | undefined {
  try {
    return execFileSync('git', ['-C', packageRoot, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
      // Looking must not take the index's lock from someone who commits meanwhile, nor leave it behind when killed.
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    }).trim();
  } catch {
    return undefined;
  }
}
