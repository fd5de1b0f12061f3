import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resolveData } from '../data/resolved-data.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import { createTrainingParts } from '../train/training-parts.ts';
import { modelShape } from './assemble.ts';
import { assertEngineMemory, engineMemoryBytes } from './engine-memory.ts';
import { loadConfig } from './load-config.ts';
import { presetNamed } from './presets/index.ts';

const module = new WebAssembly.Module(readFileSync(new URL('../../build/kernels.wasm', import.meta.url)));

function sized(...overrides: string[]) {
  const config = loadConfig({ preset: presetNamed('smoke') }, overrides);
  return { config, shape: modelShape(config, resolveData(config.data, config.data.source)) };
}

describe('the memory of the engine', () => {
  test.each([
    [[]],
    [['model.depth=8', 'model.dModel=64']],
    [['train.batchSize=512']],
    [['model.mlpRatio=4', 'model.depth=3', 'train.batchSize=100']],
    [['train.optimizer.kind=sgd', 'model.dModel=128']],
    [['data.contextPairs=8', 'data.burstiness=3', 'train.batchSize=256']],
    [['train.interventions=[{kind: preserve, sites: [values]}]', 'train.batchSize=256']],
  ])('is told near enough of %j', (overrides) => {
    const { config, shape } = sized(...overrides);
    let bytes = 0;
    const kernels = createWasmKernels(module);
    const counting = {
      ...kernels,
      allocate: (length: number) => {
        bytes += 4 * length;
        return kernels.allocate(length);
      },
    };
    createTrainingParts(counting, shape, config.train);
    const told = engineMemoryBytes(shape, config.train);
    expect(told / bytes).toBeGreaterThan(0.85);
    expect(told / bytes).toBeLessThan(1.35);
  });

  test.each([
    ['model.depth=64', 'model.dModel=4096'],
    ['train.batchSize=65536', 'model.dModel=1024'],
  ])('is refused above 4 GiB, naming what to lower: %s %s', (...overrides) => {
    const { config, shape } = sized(...overrides);
    expect(() => assertEngineMemory(shape, config.train)).toThrow(
      /^model\.dModel = \d+, model\.depth = \d+, train\.batchSize = \d+: .* about [\d.]+ GiB .*; lower one of them$/,
    );
  });

  test("suffices for the paper's model", () => {
    const config = loadConfig({ preset: presetNamed('paper') });
    const shape = modelShape(config, resolveData(config.data, config.data.source));
    expect(() => assertEngineMemory(shape, config.train)).not.toThrow();
  });
});
