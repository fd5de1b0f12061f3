/**
 * YAML 1.2 or JSON text to a `ConfigNode`, read as hostile: at most 1 MB, limited lines, depth and tokens (checked while
 * the text is scanned, before any tree is built), no aliases, anchors, tags, merge keys, directives, second documents
 * or keys given twice. Numbers may be written 3_000_000.
 */
import { Composer, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, Parser } from 'yaml';
import { LabError } from '../errors/lab-error.ts';
import { printable, quoted } from '../formats/data-error.ts';
import type { ConfigNode, ConfigValue, Origin } from './config-tree.ts';

export const configLimits = {
  bytes: 2 ** 20,
  depth: 48,
  lines: 20_000,
  tokens: 12_000,
  keyLength: 100,
} as const;

/** Of what a message quotes from a text. */
const longestProblem = 200;

/** How the text names itself in errors, and what origin its nodes carry. */
interface TextContext {
  readonly fail: (offset: number, problem: string) => LabError;
  readonly originAt: (offset: number) => Origin;
}

/**
 * A config file's text as a tree; an empty file is an empty object.
 * @param file name for messages
 * @throws {LabError} `file:line:column: problem`
 */
export function parseConfigText(text: string, file: string): ConfigNode {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) }; // 0 before the first line was seen
  };
  const context: TextContext = {
    fail: (offset, problem) => {
      const { line, column } = place(offset);
      return new LabError(`${file}:${line}:${column}: ${problem}`);
    },
    originAt: (offset) => ({ kind: 'file', file, ...place(offset) }),
  };
  const root = parseText(text, context, lines);
  if (root === undefined) return { kind: 'object', entries: new Map(), origin: context.originAt(0) };
  if (root.kind !== 'object') throw context.fail(0, 'a config is a list of "key: value" lines');
  return root;
}

/**
 * The value of a `key=value` override, as YAML.
 * @throws {LabError} `key: problem (override)`
 */
export function parseOverrideValue(text: string, key: string, origin: Origin): ConfigNode {
  const context: TextContext = {
    fail: (_offset, problem) => new LabError(`${key}: ${problem} (override)`),
    originAt: () => origin,
  };
  return parseText(text, context, new LineCounter()) ?? { kind: 'value', value: null, origin };
}

function parseText(text: string, context: TextContext, lines: LineCounter): ConfigNode | undefined {
  const isLonger = text.length > configLimits.bytes; // then its bytes need not be counted
  const bytes = isLonger ? text.length : new TextEncoder().encode(text).length;
  if (bytes > configLimits.bytes) {
    throw context.fail(
      0,
      `${isLonger ? 'at least ' : ''}${bytes} bytes, more than the ${configLimits.bytes} a config may have`,
    );
  }
  // Lines within one long text are no tokens of their own, and the library is slow with many.
  for (let at = text.indexOf('\n'), count = 2; at >= 0; at = text.indexOf('\n', at + 1), count++) {
    if (count > configLimits.lines)
      throw context.fail(0, `more than the ${configLimits.lines} lines a config may have`);
  }
  const document = composeOne(text, context, lines);
  if (!document?.contents) return undefined;
  return convert(document.contents, context, context.originAt(document.contents.range?.[0] ?? 0));
}

function composeOne(text: string, context: TextContext, lines: LineCounter) {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const tokens = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > configLimits.tokens) {
      throw context.fail(
        parser.offset,
        `more than the ${configLimits.tokens} words and marks a config may have`,
      );
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > configLimits.depth) {
      throw context.fail(parser.offset, 'nested deeper than a config may be');
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const directive = tokens.find((token) => token.type === 'directive');
  if (directive) throw context.fail(directive.offset, 'YAML directives are not supported; remove the line');
  // Duplicate keys are found in `convert`: the library's own check compares every pair of keys.
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  const problem = document?.errors[0] ?? document?.warnings[0];
  if (problem)
    throw context.fail(problem.pos[0], `not valid YAML: ${printable(problem.message, longestProblem)}`);
  if (second)
    throw context.fail(second.range[0], 'a config is one document; remove the "---" and what follows');
  return document;
}

function convert(node: Node, context: TextContext, origin: Origin): ConfigNode {
  const offset = node.range?.[0] ?? 0;
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) {
    throw context.fail(offset, 'aliases (*name) are not supported; write the value again');
  }
  if (node.anchor !== undefined) throw context.fail(offset, 'anchors (&name) are not supported; remove it');
  if (node.tag !== undefined)
    throw context.fail(offset, `tags (${printable(node.tag, longestProblem)}) are not supported; remove it`);
  if (isScalar(node)) return { kind: 'value', value: scalarValue(node, context, offset), origin };
  if (isSeq(node)) {
    const items = node.items.map((item) => {
      const child = item as Node;
      return convert(child, context, context.originAt(child.range?.[0] ?? offset));
    });
    return { kind: 'list', items, origin };
  }
  const entries = new Map<string, ConfigNode>();
  for (const { key, value } of node.items) {
    const at = (key as Node | null)?.range?.[0] ?? offset;
    if (!isScalar(key) || key.anchor !== undefined || key.tag !== undefined) {
      throw context.fail(at, 'a key must be a plain word');
    }
    const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
    if (name === '<<') throw context.fail(at, 'merge keys (<<) are not supported; write the settings out');
    const wrong = keyProblem(name);
    if (wrong !== undefined) throw context.fail(at, wrong);
    if (entries.has(name))
      throw context.fail(at, `${printable(name, longestProblem)}: given twice; keep one`);
    const keyOrigin = context.originAt(at);
    entries.set(
      name,
      value === null
        ? { kind: 'value', value: null, origin: keyOrigin }
        : convert(value as Node, context, keyOrigin),
    );
  }
  return { kind: 'object', entries, origin };
}

/** Why a word cannot be a key anywhere; undefined where it can. */
export function keyProblem(name: string): string | undefined {
  if (name === '__proto__') return 'the key "__proto__" is not allowed';
  if (name.length <= configLimits.keyLength) return undefined;
  return `the key ${quoted(name)} has ${name.length} letters, more than the ${configLimits.keyLength} a key may have`;
}

const groupedInteger = /^[-+]?\d{1,3}(?:_\d{3})+$/;

function scalarValue(
  node: { value: unknown; source?: string; type?: string },
  context: TextContext,
  offset: number,
): ConfigValue {
  const { value } = node;
  if (typeof value === 'string') {
    return node.type === 'PLAIN' && groupedInteger.test(value) ? Number(value.replaceAll('_', '')) : value;
  }
  if (value === null || value === undefined) return null;
  // JSON, in which a run keeps its config, has no -0.
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (typeof value === 'boolean') return value;
  throw context.fail(offset, `cannot read ${printable(node.source ?? 'this value', longestProblem)}`);
}
