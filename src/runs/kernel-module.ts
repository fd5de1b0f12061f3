/** The compiled kernels as they lie in the package, and what identifies them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { codeVersion } from './run-record.ts';

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** First 12 hexadecimal digits of the file's SHA-256. */
  readonly hash: string;
}

/** @throws {LabError} exit code 70 where the kernels were not compiled */
export function loadKernelModule(
  path: URL = new URL('../../build/kernels.wasm', import.meta.url),
): KernelModule {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new LabError(
      'build/kernels.wasm: cannot be read; compile the kernels with "npm run build:kernels" first',
      exitCodes.crash,
      { cause: error },
    );
  }
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return { module: new WebAssembly.Module(bytes), hash };
}

/** Names the numbers this program computes: checkpoints of another version are not gone on from. */
export function engineVersion({ hash }: KernelModule): string {
  return `${codeVersion().version}+kernels.${hash}`;
}
