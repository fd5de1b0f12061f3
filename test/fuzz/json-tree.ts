/**
 * JSON as a tree that can hold what no object can: names given twice, numbers written in any way. Made from a value,
 * changed where a reader may be weak, written as JSON.
 */
import fc from 'fast-check';
import { nastyLiterals, nastyNames } from './nasty-values.ts';
import type { FuzzRandom } from './random.ts';

/** A literal stands as it is written. */
export type JsonTree = { literal: string } | { items: JsonTree[] } | { members: [string, JsonTree][] };

export function treeOf(value: unknown): JsonTree {
  if (Array.isArray(value)) return { items: value.map(treeOf) };
  if (typeof value === 'object' && value !== null) {
    return { members: Object.entries(value).map(([name, member]) => [name, treeOf(member)]) };
  }
  return { literal: JSON.stringify(value) ?? 'null' };
}

export function jsonText(tree: JsonTree, space = ''): string {
  if ('literal' in tree) return tree.literal;
  if ('items' in tree) return `[${tree.items.map((item) => jsonText(item, space)).join(`,${space}`)}]`;
  const members = tree.members.map(
    ([name, member]) => `${JSON.stringify(name)}:${space}${jsonText(member, space)}`,
  );
  return `{${members.join(`,${space}`)}}`;
}

const donorArbitrary = fc.oneof(
  fc.jsonValue({ maxDepth: 5 }),
  fc.double(),
  fc.maxSafeInteger(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);

/** Values out of a grammar, to be put in place of others. The same for the same seed. */
export function donors(seed: number): JsonTree[] {
  return fc.sample(donorArbitrary, { seed, numRuns: 400 }).map(treeOf);
}

/** A tree is changed in place, at one node drawn uniformly from all of them. */
export function changeTree(tree: JsonTree, random: FuzzRandom, spare: readonly JsonTree[]): JsonTree {
  const places = placesOf(tree);
  const place = random.pick(places);
  random.pick(changes)(place, random, spare, places);
  return place.holder === undefined ? place.node : tree;
}

interface Place {
  node: JsonTree;
  /** Undefined at the root. */
  readonly holder: { items: JsonTree[] } | { members: [string, JsonTree][] } | undefined;
  readonly index: number;
}

function placesOf(root: JsonTree): Place[] {
  const places: Place[] = [{ node: root, holder: undefined, index: 0 }];
  for (let at = 0; at < places.length; at++) {
    const { node } = places[at];
    if ('items' in node)
      node.items.forEach((item, index) => places.push({ node: item, holder: node, index }));
    if ('members' in node)
      node.members.forEach(([, member], index) => places.push({ node: member, holder: node, index }));
  }
  return places;
}

function put(place: Place, node: JsonTree): void {
  place.node = node;
  const { holder, index } = place;
  if (holder && 'items' in holder) holder.items[index] = node;
  if (holder && 'members' in holder) holder.members[index][1] = node;
}

type Change = (
  place: Place,
  random: FuzzRandom,
  spare: readonly JsonTree[],
  places: readonly Place[],
) => void;

const copyOf = (tree: JsonTree): JsonTree => structuredClone(tree);

const changes: readonly Change[] = [
  function toNasty(place, random) {
    put(place, { literal: random.pick(nastyLiterals) });
  },
  function toDonor(place, random, spare) {
    put(place, copyOf(random.pick(spare)));
  },
  function toAnotherPart(place, random, _spare, places) {
    put(place, copyOf(random.pick(places).node));
  },
  function nest(place, random) {
    let node = place.node;
    for (let depth = random.size(80); depth > 0; depth--)
      node = random.chance(0.5) ? { items: [node] } : { members: [['a', node]] };
    put(place, node);
  },
  function changeNumber(place, random) {
    if (!('literal' in place.node)) return;
    const value = Number(place.node.literal);
    const next = random.pick([
      -value,
      value + 1,
      value - 1,
      value * 1e10,
      value + 0.5,
      value * 2 ** 32,
      value / 3,
    ]);
    put(place, { literal: String(next) });
  },
  function changeText(place, random) {
    if (!('literal' in place.node) || !place.node.literal.startsWith('"')) return;
    const text = place.node.literal;
    const at = 1 + random.below(text.length - 1);
    const added = random.pick([
      'a',
      ' ',
      '\\u202e',
      '\\n',
      '/',
      '..',
      'A',
      '0',
      'x'.repeat(random.size(2000)),
    ]);
    put(place, { literal: text.slice(0, at) + added + text.slice(at + random.below(2)) });
  },
  function removeMember({ holder, index }) {
    if (holder && 'items' in holder) holder.items.splice(index, 1);
    if (holder && 'members' in holder) holder.members.splice(index, 1);
  },
  function giveTwice({ holder, index, node }, random) {
    if (holder && 'items' in holder) holder.items.splice(index, 0, copyOf(node));
    if (holder && 'members' in holder) {
      const at = random.below(holder.members.length + 1);
      holder.members.splice(at, 0, [holder.members[index][0], copyOf(node)]);
    }
  },
  function rename({ holder, index }, random, _spare, places) {
    if (!holder || !('members' in holder)) return;
    const [name] = holder.members[index];
    const names = places.flatMap((place) =>
      'members' in place.node ? place.node.members.map(([n]) => n) : [],
    );
    holder.members[index][0] = random.pick([
      random.pick(nastyNames),
      random.pick(names),
      `${name}x`,
      name.slice(1),
      name.toUpperCase(),
      'k'.repeat(random.size(5000)),
    ]);
  },
  function addMember({ node }, random, spare) {
    const added = copyOf(random.pick(spare));
    if ('items' in node) node.items.splice(random.below(node.items.length + 1), 0, added);
    if ('members' in node) node.members.push([random.pick(nastyNames), added]);
  },
  function swap(place, random, _spare, places) {
    const other = random.pick(places);
    if (place.holder === undefined || other.holder === undefined) return;
    const [a, b] = [copyOf(place.node), copyOf(other.node)];
    put(place, b);
    put(other, a);
  },
];
