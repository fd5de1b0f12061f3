/** The synthetic source: the kernels must give the bytes of the reference, and the bytes never change. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type SyntheticSourceConfig, syntheticSourceSchema } from '../../src/data/synthetic/config.ts';
import { syntheticClassReference } from '../../src/data/synthetic/reference.ts';
import { createSyntheticSource, generateSynthetic } from '../../src/data/synthetic/source.ts';
import { createWasmEngine } from '../../src/engine/wasm.ts';
import { sha256 } from '../../src/runs/state-hash.ts';
import type { Platform } from './platform.ts';

const configOf = (fields: Partial<SyntheticSourceConfig>) =>
  syntheticSourceSchema.parse({ kind: 'synthetic', ...fields });

export function syntheticSuite(platform: Platform): void {
  describe('synthetic source', () => {
    let kernels: WebAssembly.Module;
    beforeAll(async () => {
      kernels = await WebAssembly.compile(await platform.kernelBytes());
    });

    test.each([
      { classes: 5, exemplars: 3, dim: 8 },
      { classes: 9, exemplars: 1, dim: 32, alpha: 1, seed: 7 },
      { classes: 4, exemplars: 7, dim: 128, sigma: 0 },
      { classes: 2, exemplars: 20, dim: 512, seed: 2 ** 40 + 3 },
      { classes: 3, exemplars: 2, dim: 1024, alpha: 0, sigma: 3, seed: 0 },
      { classes: 6, exemplars: 5, dim: 16, alpha: 10 },
    ])('$classes x $exemplars x $dim equals the reference in every byte', (fields) => {
      const config = configOf(fields);
      const bytes = generateSynthetic(config, createWasmEngine(kernels));
      const size = config.exemplars * config.dim;
      expect(bytes.length).toBe(config.classes * size);
      for (let row = 0; row < config.classes; row++) {
        expect(bytes.subarray(row * size, (row + 1) * size), `class ${row}`).toEqual(
          syntheticClassReference(config, row),
        );
      }
    });

    test('is the same data set for ever', async () => {
      const bytes = generateSynthetic(
        configOf({ classes: 64, exemplars: 20, dim: 512, alpha: 2, sigma: 0.6, seed: 101 }),
        createWasmEngine(kernels),
      );
      expect(await sha256(bytes)).toBe('b813f0faa25c95cd106cd66a3164919a86697473144c4ce8a6b01b5b4911b98a');
    });

    test('gives class and exemplar by index, with offset and scale', () => {
      const config = configOf({
        classes: 10,
        exemplars: 3,
        dim: 64,
        alpha: 1,
        sigma: 0.5,
        offset: -2,
        scale: 0.5,
        seed: 7,
      });
      const source = createSyntheticSource(config, createWasmEngine(kernels));
      expect(source).toMatchObject({ classes: 10, exemplars: 3, dim: 64 });
      expect(source.description).toBe('synthetic(alpha 1, sigma 0.5, offset -2, scale 0.5, seed 7)');
      const stored = syntheticClassReference(config, 7).subarray(2 * 64, 3 * 64);
      for (const out of [new Float32Array(70).fill(9), new Float64Array(70).fill(9)]) {
        source.copyFeatures(7, 2, out, 4);
        stored.forEach((byte, i) => expect(out[4 + i]).toBeCloseTo(byte * (6 / 127) * 0.5 - 2, 6));
        expect([...out.subarray(0, 4), ...out.subarray(68)]).toEqual([9, 9, 9, 9, 9, 9]);
      }
    });

    test('does not depend on how many classes or exemplars are made', () => {
      const small = generateSynthetic(
        configOf({ classes: 6, exemplars: 2, dim: 64 }),
        createWasmEngine(kernels),
      );
      const large = generateSynthetic(
        configOf({ classes: 11, exemplars: 5, dim: 64 }),
        createWasmEngine(kernels),
      );
      const row = (bytes: Int8Array, exemplars: number, of: number, exemplar: number) =>
        bytes.subarray((of * exemplars + exemplar) * 64, (of * exemplars + exemplar + 1) * 64);
      for (let of = 0; of < 6; of++) {
        for (const exemplar of [0, 1])
          expect(row(small, 2, of, exemplar)).toEqual(row(large, 5, of, exemplar));
      }
    });
  });
}
