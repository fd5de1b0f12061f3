/** What is said where the machine does not give the memory that is asked for. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { syntheticSourceSchema } from '../../src/data/synthetic/config.ts';
import { generateSynthetic } from '../../src/data/synthetic/source.ts';
import { createWasmEngine, createWasmKernels } from '../../src/engine/wasm.ts';
import { exitCodes, LabError } from '../../src/errors/lab-error.ts';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';

afterEach(() => vi.unstubAllGlobals());

const refusal = () => {
  throw new RangeError('could not allocate memory');
};

describe('memory', () => {
  test('that is refused from the start', () => {
    const { module } = loadKernelModule();
    vi.stubGlobal('WebAssembly', { Memory: refusal });
    expect(() => createWasmEngine(module)).toThrow(
      new LabError(
        'engine: WebAssembly shared memory is refused here; raise the limit on virtual memory (ulimit -v) to 12 GiB or more',
        exitCodes.crash,
      ),
    );
  });

  test('that does not suffice for a model', () => {
    const kernels = createWasmKernels(loadKernelModule().module);
    expect(() => kernels.allocate(2 ** 30)).toThrow(
      new LabError('engine: out of memory at 4097 MiB; lower batchSize, labels or depth', exitCodes.crash),
    );
  });

  test('that does not suffice for the features', () => {
    const { exports } = createWasmEngine(loadKernelModule().module);
    const memory = { buffer: new ArrayBuffer(0), grow: refusal } as unknown as WebAssembly.Memory;
    const config = syntheticSourceSchema.parse({ kind: 'synthetic', classes: 4096, exemplars: 16, dim: 64 });
    expect(() => generateSynthetic(config, { memory, exports })).toThrow(
      new LabError(
        'data.source: out of memory for 4 MiB of features; lower classes, exemplars or dim',
        exitCodes.crash,
      ),
    );
  });
});

test('kernels that were not compiled', () => {
  expect(() => loadKernelModule(new URL('./not-there.wasm', import.meta.url))).toThrow(
    new LabError(
      'build/kernels.wasm: cannot be read; compile the kernels with "npm run build:kernels" first',
      exitCodes.crash,
    ),
  );
});
