/** Sources as syntax trees in which every node knows its parent, and every name leads to where it was declared. */
import { posix } from 'node:path';
import { parseSync } from 'vite';

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

export interface SourceTree {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string;
  readonly program: SyntaxNode;
}

export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

export function descendantsOf(node: SyntaxNode): SyntaxNode[] {
  return [node, ...childrenOf(node).flatMap(descendantsOf)];
}

/** Child nodes under a key, none where there is something else. */
export function nodesIn(node: SyntaxNode, key: string): SyntaxNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
}

export const isFunction = (node: SyntaxNode): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);

/** An identifier's, a private name's or a string key's text; empty for anything computed. */
export function plainName(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'Identifier') return String(node.name);
  if (node.type === 'PrivateIdentifier') return `#${String(node.name)}`;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : '';
}

/** Types say nothing about a value here, nor does waiting for it. */
export function unwrapped(node: SyntaxNode): SyntaxNode {
  const isWrapper =
    /^(TSAsExpression|TSNonNullExpression|TSSatisfiesExpression|AwaitExpression|ChainExpression)$/;
  if (!isWrapper.test(node.type)) return node;
  const inner = node.expression ?? node.argument;
  return isNode(inner) ? unwrapped(inner) : node;
}

/** Where a name comes from; `path` leads into it where it was taken apart: `const { first } = f()`. */
export type Declaration =
  | { readonly kind: 'parameter'; readonly of: SyntaxNode; readonly index: number; readonly path: string[] }
  | { readonly kind: 'value'; readonly value: SyntaxNode; readonly path: string[] }
  | { readonly kind: 'function'; readonly node: SyntaxNode }
  | { readonly kind: 'import'; readonly from: string; readonly name: string };

export class Sources {
  readonly trees: readonly SourceTree[];
  readonly #parents = new Map<SyntaxNode, SyntaxNode>();
  readonly #pathOf = new Map<SyntaxNode, string>();
  readonly #names = new Map<SyntaxNode, Map<string, Declaration>>();

  constructor(files: readonly { readonly path: string; readonly text: string }[]) {
    this.trees = files.map(({ path, text }) => {
      const parsed = parseSync(path, text, { preserveParens: false });
      if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0].message}`);
      return { path, program: parsed.program as unknown as SyntaxNode };
    });
    for (const { path, program } of this.trees) {
      this.#pathOf.set(program, path);
      for (const node of descendantsOf(program))
        for (const child of childrenOf(node)) this.#parents.set(child, node);
    }
  }

  parent(node: SyntaxNode): SyntaxNode | undefined {
    return this.#parents.get(node);
  }

  /** The node itself, then all that it stands in, up to the program. */
  around(node: SyntaxNode): SyntaxNode[] {
    const chain = [node];
    for (let up = this.parent(node); up; up = this.parent(up)) chain.push(up);
    return chain;
  }

  pathOf(node: SyntaxNode): string {
    const program = this.around(node).at(-1);
    return (program && this.#pathOf.get(program)) ?? '';
  }

  /** What a name means at a node; undefined for globals and for what loops and `let` make of it. */
  declarationOf(name: string, at: SyntaxNode): Declaration | undefined {
    for (const scope of this.around(at)) {
      const found = this.#namesIn(scope).get(name);
      if (found?.kind === 'import') return this.#exported(found.from, found.name) ?? found;
      if (found) return found;
    }
    return undefined;
  }

  #exported(path: string, name: string, depth = 0): Declaration | undefined {
    const tree = this.trees.find((candidate) => candidate.path === path);
    if (!tree || depth > 5) return undefined;
    const own = this.#namesIn(tree.program).get(name);
    return own?.kind === 'import' ? this.#exported(own.from, own.name, depth + 1) : own;
  }

  #namesIn(scope: SyntaxNode): ReadonlyMap<string, Declaration> {
    const known = this.#names.get(scope);
    if (known) return known;
    const names = new Map<string, Declaration>();
    this.#names.set(scope, names);
    if (isFunction(scope)) {
      nodesIn(scope, 'params').forEach((param, index) =>
        addPattern(param, names, (path) => ({ kind: 'parameter', of: scope, index, path })),
      );
    }
    if (scope.type === 'Program' || scope.type === 'BlockStatement') {
      for (const statement of nodesIn(scope, 'body')) this.#addStatement(statement, names);
    }
    return names;
  }

  #addStatement(statement: SyntaxNode, names: Map<string, Declaration>): void {
    if (statement.type === 'ImportDeclaration') {
      const source = plainName(statement.source);
      const from = source.startsWith('.')
        ? posix.join(posix.dirname(this.pathOf(statement)), source)
        : source;
      for (const specifier of nodesIn(statement, 'specifiers'))
        names.set(plainName(specifier.local), { kind: 'import', from, name: plainName(specifier.imported) });
    } else if (/^Export(Named|Default)Declaration$/.test(statement.type)) {
      if (isNode(statement.declaration)) this.#addStatement(statement.declaration, names);
    } else if (statement.type === 'FunctionDeclaration') {
      names.set(plainName(statement.id), { kind: 'function', node: statement });
    } else if (statement.type === 'VariableDeclaration' && statement.kind === 'const') {
      for (const { id, init } of nodesIn(statement, 'declarations')) {
        if (isNode(id) && isNode(init))
          addPattern(id, names, (path) => ({ kind: 'value', value: init, path }));
      }
    }
  }
}

function addPattern(
  pattern: SyntaxNode,
  names: Map<string, Declaration>,
  declare: (path: string[]) => Declaration,
  path: string[] = [],
): void {
  if (pattern.type === 'Identifier') names.set(plainName(pattern), declare(path));
  else if (pattern.type === 'AssignmentPattern' && isNode(pattern.left))
    addPattern(pattern.left, names, declare, path);
  else if (pattern.type === 'ObjectPattern') {
    for (const property of nodesIn(pattern, 'properties')) {
      if (isNode(property.value))
        addPattern(property.value, names, declare, [...path, plainName(property.key)]);
    }
  } else if (pattern.type === 'ArrayPattern') {
    (pattern.elements as unknown[]).forEach((element, i) => {
      if (isNode(element)) addPattern(element, names, declare, [...path, String(i)]);
    });
  }
}
