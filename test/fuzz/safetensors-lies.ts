/**
 * Safetensors files that lie: about the header's length, about shapes, places and names, or within the texts of their
 * metadata. Taken apart and put together again without the program's own reader or writer.
 */
import { damaged, noise } from './damage-bytes.ts';
import { changeTree, jsonText, type JsonTree, treeOf } from './json-tree.ts';
import type { FuzzRandom } from './random.ts';

export interface SafetensorsParts {
  readonly header: string;
  readonly data: Uint8Array;
}

export function partsOf(bytes: Uint8Array): SafetensorsParts {
  const end = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return { header: new TextDecoder().decode(bytes.subarray(8, end)).trimEnd(), data: bytes.slice(end) };
}

/** @param declared the header's length as the file tells it; the true one by default */
export function joinParts({ header, data }: SafetensorsParts, declared?: bigint): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, declared ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

/** One text of the metadata that is JSON itself, changed as JSON. */
function changeWithin(header: JsonTree, random: FuzzRandom, spare: readonly JsonTree[]): void {
  if (!('members' in header)) return;
  const metadata = header.members.find(([name]) => name === '__metadata__')?.[1];
  if (!metadata || !('members' in metadata) || metadata.members.length === 0) return;
  const member = random.pick(metadata.members);
  if (!('literal' in member[1])) return;
  let text: string;
  let tree: JsonTree;
  try {
    text = String(JSON.parse(member[1].literal));
    tree = treeOf(JSON.parse(text));
  } catch {
    return; // a text that is no JSON is changed as a text only
  }
  for (let times = random.pick([1, 1, 2]); times > 0; times--) tree = changeTree(tree, random, spare);
  member[1] = { literal: JSON.stringify(jsonText(tree, random.pick(['', ' ']))) };
}

/** Numbers of one shape or of the offsets moved a little, or to where they overlap others. */
function moveNumbers(header: JsonTree, random: FuzzRandom): void {
  if (!('members' in header) || header.members.length === 0) return;
  const [, tensor] = random.pick(header.members);
  if (!('members' in tensor)) return;
  if (random.chance(0.15)) {
    header.members.push([`copy${random.below(9)}`, structuredClone(tensor)]);
    return;
  }
  const lists = tensor.members.flatMap(([, value]) =>
    'items' in value && value.items.length > 0 ? [value] : [],
  );
  if (lists.length === 0) return;
  const { items } = random.pick(lists);
  const at = random.below(items.length);
  const item = items[at];
  const old = 'literal' in item ? Number(item.literal) : 0;
  const moved = random.pick([old + 4, old - 4, old + 1, 0, old * 2, -old, 1e9, 2 ** 31, 2 ** 53, 2 ** 60]);
  items[at] = { literal: String(moved) };
  if (random.chance(0.2)) items.reverse();
  if (random.chance(0.1)) items.push({ literal: String(random.below(3)) });
}

/** One element that no computation gives, or that is out of any range. */
function spoiltElement(data: Uint8Array, random: FuzzRandom): Uint8Array {
  const spoilt = data.slice();
  const at = 4 * random.below(Math.floor(spoilt.length / 4));
  const view = new DataView(spoilt.buffer);
  const value = random.pick([Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 1e30]);
  if (spoilt.length < 4) return spoilt;
  if (random.chance(0.5)) view.setFloat32(at, value, true);
  else view.setInt32(at, random.pick([-1, 1000, 2 ** 31 - 1, -(2 ** 31)]), true);
  return spoilt;
}

const headerLengths: readonly bigint[] = [
  0n,
  1n,
  2n ** 20n,
  2n ** 20n + 1n,
  10n ** 8n,
  2n ** 32n,
  2n ** 53n,
  2n ** 64n - 1n,
];

/** @param resign puts right what the file says about its own bytes, so that what comes after that check is reached */
export function lyingSafetensors(
  { header, data }: SafetensorsParts,
  random: FuzzRandom,
  spare: readonly JsonTree[],
  resign: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (bytes) => bytes,
): Uint8Array<ArrayBuffer> {
  const how = random.next();
  if (how < 0.03) return noise(random, random.size(2000));
  if (how < 0.1) return joinParts({ header, data }, random.pick(headerLengths));
  if (how < 0.13)
    return joinParts({ header, data }, BigInt(Math.max(0, header.length + random.below(41) - 20)));
  if (how < 0.3) {
    const bytes = damaged(joinParts({ header, data }), random);
    return random.chance(0.5) ? resign(bytes) : bytes;
  }
  if (how < 0.36) return resign(joinParts({ header, data: spoiltElement(data, random) }));
  let tree = treeOf(JSON.parse(header));
  for (let times = random.pick([0, 1, 1, 1, 2]); times > 0; times--) {
    const change = random.next();
    if (change < 0.35) changeWithin(tree, random, spare);
    else if (change < 0.6) moveNumbers(tree, random);
    else tree = changeTree(tree, random, spare);
  }
  const changed = jsonText(tree, random.chance(0.05) ? ' ' : '');
  const cut = random.chance(0.1) ? data.subarray(0, random.below(data.length + 1)) : data;
  const bytes = joinParts({ header: changed + ' '.repeat(random.below(8)), data: cut });
  return random.chance(0.85) ? resign(bytes) : bytes;
}
