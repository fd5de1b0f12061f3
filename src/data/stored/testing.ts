/** A small file of features, for tests. */
import type { ExemplarSource } from '../exemplar-source.ts';
import { quantise, type QuantisedBits } from './quantise.ts';
import { encodeStore, type RowBlocks } from './store.ts';

/** Features of all sizes, some negative, one the same everywhere. */
export function waveSource(classes = 6, exemplars = 3, dim = 5): ExemplarSource {
  return {
    description: 'waves',
    classes,
    exemplars,
    dim,
    copyFeatures(c, e, out, at) {
      for (let i = 0; i < dim; i++)
        out[at + i] = i === 2 ? 0.7 : Math.fround((((c * 31 + e * 7 + i * 13) % 29) - 11) * 10 ** (i - 2));
    },
  };
}

/** @param sha256 of the features; made up where nothing looks at it */
export function storeBytes(
  source: ExemplarSource,
  {
    bits = 16,
    blocks,
    sha256,
  }: { bits?: QuantisedBits; blocks?: RowBlocks; sha256?: (parts: Uint8Array[]) => string } = {},
): Uint8Array<ArrayBuffer> {
  const { features } = quantise(source, bits);
  const description = { name: source.description, provenance: { by: 'a test' }, blocks };
  const { data } = encodeStore(features, { ...description, sha256: '0'.repeat(64) });
  const { header } = encodeStore(features, {
    ...description,
    sha256: sha256?.([...data]) ?? 'ab'.repeat(32),
  });
  const bytes = new Uint8Array(data.reduce((sum, part) => sum + part.length, header.length));
  let at = 0;
  for (const part of [header, ...data]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
