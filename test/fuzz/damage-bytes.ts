/** What befalls a file's bytes whatever they mean: flips, cuts, additions, pieces moved about, noise. */
import type { FuzzRandom } from './random.ts';

export function noise(random: FuzzRandom, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, () => random.below(256));
}

type Damage = (bytes: Uint8Array<ArrayBuffer>, random: FuzzRandom) => Uint8Array<ArrayBuffer>;

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const damages: readonly Damage[] = [
  function flipBits(bytes, random) {
    const changed = bytes.slice();
    for (let flips = random.size(8); flips > 0 && changed.length > 0; flips--) {
      changed[random.below(changed.length)] ^= 1 << random.below(8);
    }
    return changed;
  },
  function cut(bytes, random) {
    return bytes.slice(0, random.below(bytes.length + 1));
  },
  function cutStart(bytes, random) {
    return bytes.slice(random.size(bytes.length + 1));
  },
  function addAtEnd(bytes, random) {
    const length = random.size(64);
    return joined(bytes, random.chance(0.5) ? new Uint8Array(length) : noise(random, length));
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), noise(random, random.size(16)), bytes.subarray(at));
  },
  function overwrite(bytes, random) {
    const changed = bytes.slice();
    const at = random.below(changed.length + 1);
    const fill = random.pick([0, 0xff, 0x20, random.below(256)]);
    changed.fill(fill, at, at + random.size(64));
    return changed;
  },
  function repeatPiece(bytes, random) {
    const from = random.below(bytes.length + 1);
    const piece = bytes.subarray(from, from + random.size(64));
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
  function removePiece(bytes, random) {
    const from = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, from), bytes.subarray(from + random.size(64)));
  },
];

export function damaged(bytes: Uint8Array<ArrayBuffer>, random: FuzzRandom): Uint8Array<ArrayBuffer> {
  let changed = bytes;
  for (let times = random.pick([1, 1, 1, 2, 3]); times > 0; times--)
    changed = random.pick(damages)(changed, random);
  return changed;
}
