/** Opens the exemplar source a config names. */
import { createWasmEngine } from '../engine/wasm.ts';
import { LabError } from '../errors/lab-error.ts';
import type { DataConfig } from './config.ts';
import type { ExemplarSource } from './exemplar-source.ts';
import { describeStored, type StoredSourceConfig } from './stored/config.ts';
import { createSyntheticSource, describeSynthetic } from './synthetic/source.ts';

/** Opens a file of features; where files are, this is given (`src/runs/feature-file.ts`). */
export type OpenFeatures = (config: StoredSourceConfig) => ExemplarSource;

function noFiles({ file }: StoredSourceConfig): never {
  throw new LabError(
    `data.source.file "${file}": files cannot be opened here; take a source of kind synthetic`,
  );
}

/**
 * @param kernelModule compiled kernels, for sources that are generated
 * @param openFeatures for sources that are files
 * @throws LabError when the source cannot be made
 */
export function openSource(
  config: DataConfig['source'],
  kernelModule: WebAssembly.Module,
  openFeatures: OpenFeatures = noFiles,
): ExemplarSource {
  switch (config.kind) {
    case 'synthetic':
      return createSyntheticSource(config, createWasmEngine(kernelModule));
    case 'features':
      return openFeatures(config);
  }
}

/** What the source of a config calls itself, without opening it. */
export function describeSource(config: DataConfig['source']): string {
  switch (config.kind) {
    case 'synthetic':
      return describeSynthetic(config);
    case 'features':
      return describeStored(config);
  }
}
