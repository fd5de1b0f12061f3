/**
 * Settings before they are checked: plain values together with where each one came from, so that every complaint can
 * name the line and column, the override or the preset that said it. Trees are joined layer over layer.
 */

export type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'override'; readonly text: string }
  /** With the file that builds on it, where there is one. */
  | { readonly kind: 'preset'; readonly name: string; readonly file?: string }
  | { readonly kind: 'default'; readonly file?: string };

export type ConfigValue = string | number | boolean | null;

/** A scalar, a list or an object; each with the origin of the key (or item) it stands under. */
export type ConfigNode =
  | { readonly kind: 'value'; readonly value: ConfigValue; readonly origin: Origin }
  | { readonly kind: 'list'; readonly items: readonly ConfigNode[]; readonly origin: Origin }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, ConfigNode>; readonly origin: Origin };

/** A tree of plain data under one origin: what a preset is. @throws {TypeError} for anything that is not JSON. */
export function nodeFromPlain(value: unknown, origin: Origin): ConfigNode {
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item) => nodeFromPlain(item, origin)), origin };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, nodeFromPlain(member, origin)] as const);
    return { kind: 'object', entries: new Map(entries), origin };
  }
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return { kind: 'value', value, origin };
  }
  throw new TypeError(`a config holds plain data only; got ${typeof value}`);
}

/** The plain data of a tree; objects are made so that no key is special. */
export function plainFromNode(node: ConfigNode): unknown {
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'list':
      return node.items.map(plainFromNode);
    case 'object': {
      const members = [...node.entries].map(([key, child]) => [key, plainFromNode(child)]);
      return Object.fromEntries(members);
    }
  }
}

/**
 * `over` on top of `base`: objects are joined key by key, anything else is replaced. Where `over` gives an object
 * another `kind` the base's settings of that object are dropped: they belong to the kind that is no longer there.
 */
export function overlay(base: ConfigNode, over: ConfigNode): ConfigNode {
  if (base.kind === 'list' && over.kind === 'object') return overlayItems(base, over);
  if (base.kind !== 'object' || over.kind !== 'object') return over;
  const kind = over.entries.get('kind');
  if (kind !== undefined && !sameValue(kind, base.entries.get('kind'))) return over;
  const entries = new Map(base.entries);
  for (const [key, child] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below === undefined ? child : overlay(below, child));
  }
  return { kind: 'object', entries, origin: over.origin };
}

/** `list.0.field=value`: an object whose keys are all indices of the list changes those items. */
function overlayItems(
  base: ConfigNode & { kind: 'list' },
  over: ConfigNode & { kind: 'object' },
): ConfigNode {
  const items = [...base.items];
  for (const [key, child] of over.entries) {
    const index = Number(key);
    if (!/^(0|[1-9]\d*)$/.test(key) || index >= items.length) return over;
    items[index] = overlay(items[index], child);
  }
  return { kind: 'list', items, origin: base.origin };
}

function sameValue(a: ConfigNode, b: ConfigNode | undefined): boolean {
  return a.kind === 'value' && b?.kind === 'value' && a.value === b.value;
}

/** The node at a path, or the deepest one on the way to it. */
export function nearestNode(root: ConfigNode, path: readonly PropertyKey[]): ConfigNode {
  let node = root;
  for (const key of path) {
    const child =
      node.kind === 'object'
        ? node.entries.get(String(key))
        : node.kind === 'list'
          ? node.items[Number(key)]
          : undefined;
    if (child === undefined) break;
    node = child;
  }
  return node;
}
