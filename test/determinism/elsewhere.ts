/** What a hashing program that ran somewhere else brought back. */
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HashedRuns } from './hash-short-runs.ts';
import { type KernelCode, readKernelCode } from './jit-dump.ts';

export interface Elsewhere {
  readonly hashed: HashedRuns;
  readonly kernelCode?: KernelCode;
}

export const kernelsPath = (): string => fileURLToPath(new URL('../../build/kernels.wasm', import.meta.url));

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'iclab-determinism-'));

/** V8 writes its code down on Linux, and the instructions looked for are those of x64 with AVX2. */
export function canSeeInstructions(): boolean {
  const isKnown = process.platform === 'linux' && process.arch === 'x64' && existsSync('/proc/cpuinfo');
  return isKnown && readFileSync('/proc/cpuinfo', 'latin1').includes(' avx2 ');
}

/** The kernels' code out of the dumps in a folder: of several processes only one ran kernels. */
export function kernelCodeIn(folder: string): { kernelCode?: KernelCode } {
  const dumps = readdirSync(folder).filter((name) => name.endsWith('.dump'));
  const codes = dumps.map((name) => readKernelCode(readFileSync(join(folder, name))));
  const kernelCode = codes.find(({ bytes }) => bytes > 0);
  return kernelCode ? { kernelCode } : {};
}
