/** The compiled kernels as they lie in the package, and what identifies them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { markedModule } from '../engine/wasm/marked-module.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { codeVersion } from './run-record.ts';

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** First 12 hexadecimal digits of the file's SHA-256. */
  readonly hash: string;
}

/**
 * @param marks give the module code of its own, which it shares with modules of the same marks alone
 * @throws {LabError} exit code 70 where the kernels were not compiled, or do not run here
 */
export function loadKernelModule(path?: URL, marks: readonly string[] = []): KernelModule {
  const bytes = kernelBytes(path);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return { module: compiled(marks.reduce(markedModule, bytes)), hash };
}

/** @throws {LabError} exit code 70 where the kernels were not compiled */
export function kernelBytes(
  path: URL = new URL('../../build/kernels.wasm', import.meta.url),
): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new LabError(
      'build/kernels.wasm: cannot be read; compile the kernels with "npm run build:kernels" first',
      exitCodes.crash,
      { cause: error },
    );
  }
}

function compiled(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    const isNoSimd = error.message.includes('SIMD');
    throw new LabError(
      isNoSimd
        ? 'build/kernels.wasm: this processor has no SSE4.1 (or Node was started without it), which WebAssembly SIMD needs; run on a newer one'
        : 'build/kernels.wasm: not WebAssembly that Node can compile: damaged; remove it and give the same command again',
      exitCodes.crash,
      { cause: error },
    );
  }
}

/** Names the numbers this program computes: checkpoints of another version are not gone on from. */
export function engineVersion({ hash }: KernelModule): string {
  return `${codeVersion().version}+kernels.${hash}`;
}
