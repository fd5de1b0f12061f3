/** A tree as YAML, in blocks or in flow, and what YAML can do that a config may not: anchors, tags, merges, documents. */
import { jsonText, type JsonTree } from './json-tree.ts';
import type { FuzzRandom } from './random.ts';

/** The same settings in one of the ways a person would write them. */
export function yamlText(tree: JsonTree, random: FuzzRandom): string {
  return `${random.chance(0.1) ? '# a comment\n' : ''}${block(tree, '', random)}`;
}

function block(tree: JsonTree, indent: string, random: FuzzRandom): string {
  if ('literal' in tree || random.chance(0.05)) return `${indent}${jsonText(tree, ' ')}\n`;
  const inner = `${indent}${random.pick(['  ', ' ', '    '])}`;
  const items =
    'items' in tree
      ? tree.items.map((item): [string, JsonTree] => ['-', item])
      : tree.members.map(([name, member]): [string, JsonTree] => [`${key(name)}:`, member]);
  if (items.length === 0) return `${indent}${'items' in tree ? '[]' : '{}'}\n`;
  return items
    .map(([start, node]) =>
      'literal' in node
        ? `${indent}${start} ${node.literal}${random.chance(0.05) ? ' # why' : ''}\n`
        : `${indent}${start}\n${block(node, inner, random)}`,
    )
    .join('');
}

function key(name: string): string {
  return /^[\w.]+$/.test(name) ? name : JSON.stringify(name);
}

const marks =
  '& * ! | > % @ ` ? : , [ ] { } # " \' - --- ... << ~ \t \r \u0085 \u2028 \ufeff \u0000 \u202e &a *a !!map !x !!binary ' +
  '.inf .nan 0o17 2001-01-01 yes 1_000 "\\u202e" "\\x07" [[[[[[ {{{{ \'\' ""';
const inserts: readonly string[] = [
  ...marks.split(' '),
  ...'&a |*a |!!map |<<: *a\n|---\n|...\n|%YAML 1.1\n---\n|%TAG ! x\n|? |: |- |  |\n|\n\n'.split('|'),
  ...'>-\n;|\n  x\n;preset: quick\n;preset: [quick]\n;- - - - -'.split(';'),
];

/** One to three pieces of YAML put into a text, anywhere or at the start of a line or a value. */
export function disturbedYaml(text: string, random: FuzzRandom): string {
  let changed = text;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const places = [...changed.matchAll(/\n|: /g)].map(({ index, 0: { length } }) => index + length);
    const at =
      random.chance(0.6) && places.length > 0 ? random.pick(places) : random.below(changed.length + 1);
    const piece = random.pick(inserts);
    const repeated = random.chance(0.05) ? piece.repeat(random.size(500)) : piece;
    changed = changed.slice(0, at) + repeated + changed.slice(random.chance(0.8) ? at : at + random.size(20));
  }
  return changed;
}
