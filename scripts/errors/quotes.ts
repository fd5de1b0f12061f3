/**
 * Which messages the tests quote. A message counts as quoted where one literal of a test (text, template, regular
 * expression, not a title or a comment) is all of it, or has twenty characters of it in a row that no other message has.
 */
import { fixedWords, type Message, type Part } from './message.ts';
import type { FoundMessage } from './scan.ts';
import { childrenOf, isNode, nodesIn, plainName, type SourceTree, type SyntaxNode } from './syntax.ts';

/** Stands for whatever a template's value or a regular expression lets in. */
const anything = '\uffff';

const windowLength = 20;

/** The literals of a test file, each with `anything` where it is open. */
export function literalsOf({ program }: SourceTree): string[] {
  const found: string[] = [];
  const visit = (node: SyntaxNode): void => {
    const text = literalText(node);
    if (text !== undefined) {
      found.push(text);
      return;
    }
    const title =
      node.type === 'CallExpression' && isTestCall(node.callee) ? nodesIn(node, 'arguments')[0] : undefined;
    for (const child of childrenOf(node))
      if (child !== title || literalText(child) === undefined) visit(child);
  };
  visit(program);
  return found;
}

function literalText(node: SyntaxNode): string | undefined {
  if (node.type === 'Literal') {
    const { regex, value } = node as unknown as { regex?: { pattern: string }; value: unknown };
    if (regex) return regexText(regex.pattern);
    return typeof value === 'string' ? value : undefined;
  }
  if (node.type === 'TemplateLiteral') {
    return nodesIn(node, 'quasis')
      .map(({ value }) => (value as { cooked: string }).cooked)
      .join(anything);
  }
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const [left, right] = [node.left, node.right].map((side) => (isNode(side) ? literalText(side) : undefined));
  return left === undefined && right === undefined ? undefined : `${left ?? anything}${right ?? anything}`;
}

/** What a regular expression spells out. */
function regexText(pattern: string): string {
  return pattern.replace(
    /\\([dDwWsSbBpP]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})(?:\{[^}]*\})?[*+?]?|\\(.)|\[(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]?)|[()|.^$]|.?[*+?]\??|\{\d+(?:,\d*)?\}/g,
    (whole, _class: string | undefined, escaped: string | undefined) => {
      if (whole === '^' || whole === '$') return '';
      return escaped === 'n' ? '\n' : (escaped ?? anything);
    },
  );
}

function isTestCall(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === 'MemberExpression') return isTestCall(callee.object);
  if (callee.type === 'CallExpression') return isTestCall(callee.callee);
  return ['test', 'it', 'describe'].includes(plainName(callee));
}

/** The messages that none of the literals quotes. */
export function unquoted(messages: readonly FoundMessage[], literals: readonly string[]): FoundMessage[] {
  const texts = [
    ...new Set(literals.map((text) => text.replace(/^iclab: (warning: )?/, '').trimEnd())),
  ].filter((text) => text.length >= 8);
  const inTests = new Set(texts.flatMap(windowsOf));
  const owners = new Map<string, number>();
  const windows = messages.map(({ message }) => new Set(fixedWords(message).flatMap(windowsOf)));
  for (const own of windows) for (const window of own) owners.set(window, (owners.get(window) ?? 0) + 1);
  return messages.filter(({ kind, message }, i) => {
    if ([...windows[i]].some((window) => owners.get(window) === 1 && inTests.has(window))) return false;
    const whole = wholePattern(message, kind !== 'error' && kind !== 'warning');
    const longest = fixedWords(message)
      .map((words) => words.replace(/^: /, ''))
      .reduce((a, b) => (b.length > a.length ? b : a), '');
    return !texts.some((text) => text.includes(longest) && whole.test(text));
  });
}

function windowsOf(text: string): string[] {
  const count = Math.max(0, text.length - windowLength + 1);
  return Array.from({ length: count }, (_, at) => text.slice(at, at + windowLength)).filter(
    (window) => !window.includes(anything),
  );
}

/** @param isDetail whether it stands within an error's line */
function wholePattern(message: Message, isDetail: boolean): RegExp {
  const [where, words, ...rest] = message.map(partPattern);
  // A test may put the place before the words by itself.
  const isPlace = typeof message[0] !== 'string' && words?.startsWith(': ');
  const source = [isPlace ? `(?:${where}: )?${words.slice(2)}` : `${where}${words ?? ''}`, ...rest].join('');
  return isDetail ? new RegExp(source, 's') : new RegExp(`^${source}(?: \\(override\\))?$`, 's');
}

function partPattern(part: Part): string {
  if (typeof part === 'string') return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return 'gap' in part ? '.{0,300}?' : `(?:${part.optional.map(partPattern).join('')})?`;
}
