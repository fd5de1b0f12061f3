import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../errors/lab-error.ts';
import { engineVersion, loadKernelModule } from './kernel-module.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-kernels-'));
afterAll(() => rmSync(folder, { recursive: true }));
const program = fileURLToPath(new URL('../../bin/iclab.js', import.meta.url));

const fileWith = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name));
};

describe('the compiled kernels', () => {
  test('have a hash that names the engine', () => {
    expect(engineVersion(loadKernelModule())).toMatch(/^\d+\.\d+\.\d+\+kernels\.[0-9a-f]{12}$/);
  });

  test('that are damaged are told of, not called a bug', () => {
    expect(() => loadKernelModule(fileWith('kernels.wasm', 'no wasm'))).toThrow(
      expect.objectContaining({
        exitCode: exitCodes.crash,
        message:
          'build/kernels.wasm: not WebAssembly that Node can compile: damaged; remove it and give the same command again',
      }) as Error,
    );
  });

  test.runIf(arch() === 'x64')('on a processor without SIMD are told of, not called a bug', () => {
    const flags = ['--no-enable-avx', '--no-enable-sse4-1'];
    expect(execFileSync(process.execPath, [...flags, '-p', '1'], { encoding: 'utf8' })).toBe('1\n');
    const words = ['train', 'smoke', '--out', join(folder, 'run')];
    const { status, stderr } = spawnSync(process.execPath, [...flags, program, ...words], {
      encoding: 'utf8',
    });
    expect(stderr).toBe(
      'iclab: build/kernels.wasm: this processor has no SSE4.1 (or Node was started without it), which WebAssembly SIMD needs; run on a newer one\n',
    );
    expect(status).toBe(exitCodes.crash);
  });
});
