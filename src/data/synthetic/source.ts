/**
 * The embedded exemplar source: seeded feature vectors that make the papers' phenomenon appear without any file
 * (docs/quick-scale.md; `tables.ts` says what they are). Features are kept as bytes: the data set is the quantised
 * one, 131 MB at 12,800 x 20 x 512.
 */
import type { WasmEngine } from '../../engine/wasm.ts';
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import type { ExemplarSource } from '../exemplar-source.ts';
import type { SyntheticSourceConfig } from './config.ts';
import { quantisationStep, syntheticTables } from './tables.ts';

const pageBytes = 65536;
/** Classes are generated in groups, one per SIMD lane. */
const lanes = 4;

/** The stored bytes of all classes, `[classes, exemplars, dim]`, as `syntheticClassReference` gives them one by one. */
export function generateSynthetic(config: SyntheticSourceConfig, engine: WasmEngine): Int8Array {
  const { classes, exemplars, dim } = config;
  const { memory, exports } = engine;
  const { classAmplitudes, exemplarAmplitudes, signs, classKey, exemplarKey } = syntheticTables(config);
  const tables = pageBytes;
  const scratch = tables + 4 * dim * 4;
  const rows = scratch + 2 * dim * 16;
  const groupBytes = lanes * exemplars * dim;
  const missing = Math.ceil((rows + groupBytes - memory.buffer.byteLength) / pageBytes);
  let bytes: Int8Array;
  try {
    if (missing > 0) memory.grow(missing);
    bytes = new Int8Array(classes * exemplars * dim);
  } catch (error) {
    const mebibytes = Math.ceil((classes * exemplars * dim) / 2 ** 20);
    throw new LabError(
      `data.source: out of memory for ${mebibytes} MiB of features; lower classes, exemplars or dim`,
      exitCodes.crash,
      {
        cause: error,
      },
    );
  }
  const { buffer } = memory;
  new Float32Array(buffer, tables, dim).set(classAmplitudes);
  new Float32Array(buffer, tables + 4 * dim, dim).set(exemplarAmplitudes);
  new Uint32Array(buffer, tables + 8 * dim, 2 * dim).set(signs);
  for (let first = 0; first < classes; first += lanes) {
    exports.syntheticClasses(
      rows,
      scratch,
      tables,
      first,
      exemplars,
      dim,
      classKey[0],
      classKey[1],
      exemplarKey[0],
      exemplarKey[1],
    );
    const kept = Math.min(lanes, classes - first) * exemplars * dim;
    bytes.set(new Int8Array(buffer, rows, kept), first * exemplars * dim);
  }
  return bytes;
}

/** The feature each stored byte stands for, at the byte's unsigned value: a look-up is faster than the arithmetic. */
function featuresOfBytes({ scale, offset }: SyntheticSourceConfig): Float32Array {
  const stored = Int8Array.from({ length: 256 }, (_, byte) => byte);
  return Float32Array.from(stored, (steps) => steps * scale * quantisationStep + offset);
}

/** What the source calls itself, known before anything is generated. */
export function describeSynthetic({ alpha, sigma, offset, scale, seed }: SyntheticSourceConfig): string {
  return `synthetic(alpha ${alpha}, sigma ${sigma}, offset ${offset}, scale ${scale}, seed ${seed})`;
}

/**
 * Generates the whole data set (about 1.5 s at full size) and serves it.
 * @param engine an engine of its own, used only here: its memory beyond the first page is overwritten
 * @throws LabError when memory does not suffice
 */
export function createSyntheticSource(config: SyntheticSourceConfig, engine: WasmEngine): ExemplarSource {
  const { classes, exemplars, dim } = config;
  const bytes = new Uint8Array(generateSynthetic(config, engine).buffer);
  const features = featuresOfBytes(config);
  return {
    description: describeSynthetic(config),
    classes,
    exemplars,
    dim,
    copyFeatures(classIndex, exemplar, out, at) {
      const from = (classIndex * exemplars + exemplar) * dim;
      for (let i = 0; i < dim; i++) out[at + i] = features[bytes[from + i]];
    },
  };
}
