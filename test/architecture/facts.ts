/** Reads from a source's syntax tree what the architecture checks ask about: imports, Node globals, load-time effects. */
import { posix } from 'node:path';
import { parseSync } from 'vite';

export interface SourceFile {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Found {
  readonly what: string;
  readonly line: number;
}

export interface Import {
  /** A path relative to the root for a relative import, else the specifier as written (`zod`, `node:fs`). */
  readonly target: string;
  readonly relative: boolean;
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Facts {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly nodeGlobals: readonly Found[];
  readonly loadTimeEffects: readonly Found[];
}

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const nodeGlobalNames = new Set(['Buffer', 'process', '__dirname', '__filename', 'require', 'setImmediate']);

/** Calls that reach outside the program or differ each time, wherever their result goes. */
const effectCalls =
  /^(console|process|performance|crypto|navigator|document|window|localStorage)\.|^(fetch|require|setTimeout|setInterval|setImmediate|queueMicrotask|postMessage|addEventListener)$|^(Math\.random|Date\.now|globalThis\.\w+)$/;
const effectConstructors = new Set(['Date', 'Worker', 'WebSocket', 'EventSource', 'Promise']);
/** Node modules whose functions only compute; a call of any other at load time is an effect. */
const pureNodeModules = new Set(['node:path', 'node:url', 'node:util']);

const harmlessStatements = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'FunctionDeclaration',
  'TSDeclareFunction',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSModuleDeclaration',
  'EmptyStatement',
]);

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

/** `Math.random` of `Math.random()`, `fetch` of `fetch()`; empty for anything less plain. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'Identifier') return node.name as string;
  if (node.type !== 'MemberExpression' || node.computed) return '';
  const [object, property] = [nameOf(node.object), nameOf(node.property)];
  return object && property ? `${object}.${property}` : '';
}

const stringOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;

const isFunction = (node: SyntaxNode) => /^(Function|ArrowFunction)/.test(node.type);

/** True where an identifier only names a member, so that `run.process` is not the global. */
function namesAMember(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (parent.computed) return false;
  if (parent.type === 'MemberExpression')
    return parent.property === node && nameOf(parent.object) !== 'globalThis';
  if (parent.type === 'Property') return parent.key === node; // the value of `{ process }` is another node
  return /^(PropertyDefinition|MethodDefinition|TSPropertySignature|TSMethodSignature|ImportSpecifier|ExportSpecifier)$/.test(
    parent.type,
  );
}

/** The specifier a node imports, if it imports; an import of something computed is an import of `?`. */
function specifierOf(node: SyntaxNode): { specifier: string; typeOnly: boolean } | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration': {
      const specifier = stringOf(node.source);
      const typeOnly = node.importKind === 'type' || node.exportKind === 'type';
      return specifier === undefined ? undefined : { specifier, typeOnly };
    }
    case 'ImportExpression':
      return { specifier: stringOf(node.source) ?? '?', typeOnly: false };
    case 'TSImportType':
      return { specifier: stringOf(node.source) ?? '?', typeOnly: true };
    case 'NewExpression': {
      // new Worker(new URL('./worker.ts', import.meta.url)) loads a file as an import does.
      if (nameOf(node.callee) !== 'URL') return undefined;
      const specifier = stringOf((node.arguments as unknown[])[0]);
      return specifier?.endsWith('.ts') ? { specifier, typeOnly: false } : undefined;
    }
    default:
      return undefined;
  }
}

/** What runs while the module loads, apart from building constants. */
function loadTimeEffects(body: readonly SyntaxNode[]): { what: string; node: SyntaxNode }[] {
  const found: { what: string; node: SyntaxNode }[] = [];
  const impureNames = new Set<string>();
  for (const statement of body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const from = stringOf(statement.source) ?? '';
    const specifiers = statement.specifiers as SyntaxNode[];
    if (specifiers.length === 0) found.push({ what: `import '${from}' for its effect`, node: statement });
    if (!from.startsWith('node:') || pureNodeModules.has(from)) continue;
    for (const specifier of specifiers) impureNames.add(nameOf(specifier.local));
  }

  const visitExpression = (node: SyntaxNode): void => {
    if (isFunction(node) || node.type.startsWith('TS')) return;
    if (node.type === 'AwaitExpression') found.push({ what: 'await', node });
    if (node.type === 'StaticBlock') found.push({ what: 'static block', node });
    if (node.type === 'CallExpression') {
      const called = nameOf(node.callee);
      if (effectCalls.test(called) || impureNames.has(called.split('.')[0]))
        found.push({ what: `${called}()`, node });
      // A function called where it stands runs now, whatever it does.
      if (isNode(node.callee) && isFunction(node.callee))
        found.push({ what: 'function called where it is written', node });
    }
    if (node.type === 'NewExpression' && effectConstructors.has(nameOf(node.callee))) {
      found.push({ what: `new ${nameOf(node.callee)}`, node });
    }
    const memberOfInstances =
      /^(PropertyDefinition|MethodDefinition|AccessorProperty)$/.test(node.type) && !node.static;
    if (!memberOfInstances) childrenOf(node).forEach(visitExpression);
  };

  const visitStatement = (statement: SyntaxNode): void => {
    if (harmlessStatements.has(statement.type) || statement.declare === true) return;
    if (/^Export(Named|Default)Declaration$/.test(statement.type)) {
      if (isNode(statement.declaration)) visitStatement(statement.declaration);
    } else if (statement.type.endsWith('Statement')) {
      found.push({ what: statement.type, node: statement });
    } else {
      visitExpression(statement);
    }
  };
  body.forEach(visitStatement);
  return found;
}

/**
 * Everything the checks ask of one file.
 * @throws Error when the file is not valid TypeScript.
 */
export function readFacts({ path, text }: SourceFile): Facts {
  const parsed = parseSync(path, text, { preserveParens: false });
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0].message}`);
  const program = parsed.program as unknown as SyntaxNode;
  const lineOf = (node: SyntaxNode) => text.slice(0, node.start).split('\n').length;

  const imports: Import[] = [];
  const nodeGlobals: Found[] = [];
  const visit = (node: SyntaxNode, parent: SyntaxNode): void => {
    const imported = specifierOf(node);
    if (imported) {
      const { specifier, typeOnly } = imported;
      const relative = specifier.startsWith('.');
      const target = relative ? posix.join(posix.dirname(path), specifier.replace(/[?#].*$/, '')) : specifier;
      imports.push({ target, relative, typeOnly, line: lineOf(node) });
    }
    if (node.type === 'Identifier' && nodeGlobalNames.has(nameOf(node)) && !namesAMember(node, parent)) {
      nodeGlobals.push({ what: nameOf(node), line: lineOf(node) });
    }
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(program, program);

  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports,
    nodeGlobals,
    loadTimeEffects: loadTimeEffects(program.body as SyntaxNode[]).map(({ what, node }) => ({
      what,
      line: lineOf(node),
    })),
  };
}
