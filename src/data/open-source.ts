/** Opens the exemplar source a config names. */
import { createWasmEngine } from '../engine/wasm.ts';
import type { DataConfig } from './config.ts';
import type { ExemplarSource } from './exemplar-source.ts';
import { createSyntheticSource, describeSynthetic } from './synthetic/source.ts';

/**
 * @param kernelModule compiled kernels, for sources that are generated
 * @throws LabError when the source cannot be made
 */
export function openSource(config: DataConfig['source'], kernelModule: WebAssembly.Module): ExemplarSource {
  switch (config.kind) {
    case 'synthetic':
      return createSyntheticSource(config, createWasmEngine(kernelModule));
  }
}

/** What the source of a config calls itself, without opening it. */
export function describeSource(config: DataConfig['source']): string {
  switch (config.kind) {
    case 'synthetic':
      return describeSynthetic(config);
  }
}
