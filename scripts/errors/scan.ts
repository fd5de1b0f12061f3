/**
 * Every message the program can print, found in its sources: where an error or a warning is made, where a schema or a
 * reader says what is wrong, and where the command line writes a line of its own. What cannot be resolved to words is
 * given back as a problem, so that no message escapes the table unseen.
 */
import { Calls, returnsOf } from './calls.ts';
import { Evaluator, type Frame } from './evaluate.ts';
import { fixedWords, type Gap, gapsIn, isTelling, joined, type Message, shown } from './message.ts';
import { neverShown, passedOn, templateExitCodes } from './passed-on.ts';
import { descendantsOf, isFunction, isNode, nodesIn, plainName, Sources, type SyntaxNode } from './syntax.ts';

/** What a message is: an error by itself, a warning, or what an error quotes as its `<problem>`, `<reason>` and so on. */
export type MessageKind = 'error' | 'warning' | 'setting' | 'json' | 'flag' | 'reason';

export interface FoundMessage {
  readonly kind: MessageKind;
  readonly message: Message;
  /** Of an error; undefined where it is that of the error it quotes. */
  readonly exitCode: number | undefined;
  /** Who says it, sorted. */
  readonly files: readonly string[];
}

export interface ScanResult {
  readonly messages: readonly FoundMessage[];
  /** One line each: what could not be resolved, or stands in a list without need. */
  readonly problems: readonly string[];
}

/** A place where a message is made. */
interface Sink {
  readonly kind: MessageKind;
  readonly expression: SyntaxNode;
  readonly exitCode: number | undefined;
}

/** Errors that are bugs wherever they get out, and the one that the command line puts into words itself. */
const bugs = new Set(['Error', 'TypeError', 'RangeError', 'StorageError']);

/** Callers of callers that are looked at. */
const deepestCallers = 5;

export function scanMessages(
  files: readonly { readonly path: string; readonly text: string }[],
  exitCodes: Readonly<Record<string, number>>,
): ScanResult {
  const sources = new Sources(files);
  const calls = new Calls(sources);
  const evaluator = new Evaluator(sources, calls);
  const problems: string[] = [];
  const used = new Set<string>();
  const found = new Map<string, { row: FoundMessage; files: Set<string> }>();

  const add = (sink: Sink, message: Message, file: string): void => {
    const plain = plainly(message);
    if (!isTelling(plain)) {
      const key = `${file}: ${shown(plain)}`;
      used.add(key);
      if (!(key in passedOn)) problems.push(`${key}: no words to know this message by`);
      if (!(key in passedOn) || plain.every((part) => typeof part !== 'string')) return;
    }
    const place = `${file}: ${shown(plain)}`;
    used.add(place);
    if (place in neverShown) return;
    const key = `${sink.kind} ${sink.exitCode} ${wordsOf(plain)}`;
    const known = found.get(key) ?? { row: { ...sink, message: plain, files: [] }, files: new Set() };
    known.files.add(file);
    found.set(key, known);
  };

  /** The message as it stands, or once for every caller where callers give words to it. */
  const expand = (sink: Sink, frame: Frame, file: string, depth: number): void => {
    const options = evaluator.messages(sink.expression, frame);
    if (options.length === 0) problems.push(`${file}: a message that is never anything`);
    for (const message of options) {
      const [open] = gapsIn(message).filter(({ parameter }) => parameter && !frame.has(parameter.of));
      const callers = open?.parameter && depth < deepestCallers ? calls.callsOf(open.parameter.of) : [];
      if (!open?.parameter || callers.length === 0) add(sink, message, file);
      else {
        for (const caller of callers) {
          const next = new Map(frame).set(open.parameter.of, caller);
          const told = evaluator
            .messages(sink.expression, next)
            .some((option) => wordsOf(option) !== wordsOf(message));
          expand(sink, next, told ? sources.pathOf(caller) : file, depth + 1);
        }
      }
    }
  };

  /** Whatever is written to stderr begins with the program's name, or is an error's line. */
  const checkLine = (options: readonly Message[], path: string): void => {
    for (const [first] of options) {
      // The gap is what `errorLine` gives.
      const isKnown =
        typeof first === 'string'
          ? /^(iclab|prepare): /.test(first)
          : (first as Gap | undefined)?.gap === 'error';
      if (!isKnown) problems.push(`${path}: a line on stderr that does not begin with "iclab: "`);
    }
  };

  for (const { path, program } of sources.trees) {
    for (const node of descendantsOf(program)) {
      if (isWritingToStderr(node))
        checkLine(evaluator.messages(nodesIn(node, 'arguments')[0], new Map()), path);
      for (const sink of sinksAt(node, path, sources, exitCodes, problems)) expand(sink, new Map(), path, 0);
    }
  }
  for (const key of Object.keys({ ...passedOn, ...neverShown }))
    if (!used.has(key)) problems.push(`${key}: stands in scripts/errors/passed-on.ts without need`);
  const messages = [...found.values()].map(({ row, files: saying }) => ({
    kind: row.kind,
    message: row.message,
    exitCode: row.exitCode,
    files: [...saying].sort(),
  }));
  return { messages, problems: [...new Set(problems)] };
}

function wordsOf(message: Message): string {
  return fixedWords(message).join('\u0000');
}

/** Every line begins with `iclab: `, and settings say alike where they were written: the table says so once. */
function plainly(message: Message): Message {
  const parts = message.map((part) => {
    if (typeof part !== 'string') return part;
    return part.replace(/^(iclab|prepare): (warning: )?/, '').replace(/( \(override\)|\n)$/, '');
  });
  const isInFile = shown(message).startsWith('<file>:<line>:<column>: ');
  const isOverride = fixedWords(message).at(-1)?.endsWith(' (override)') === true;
  if (isInFile) return joined([{ gap: 'setting' }, ...parts.slice(5)]);
  return joined(isOverride && typeof parts[0] !== 'string' ? [{ gap: 'setting' }, ...parts.slice(1)] : parts);
}

function sinksAt(
  node: SyntaxNode,
  path: string,
  sources: Sources,
  exitCodes: Readonly<Record<string, number>>,
  problems: string[],
): Sink[] {
  const detail = (kind: MessageKind, expression: unknown): Sink[] =>
    isNode(expression) ? [{ kind, expression, exitCode: undefined }] : [];
  if (node.type === 'NewExpression') {
    const name = plainName(node.callee);
    const [message, code] = nodesIn(node, 'arguments');
    if (name === 'LabError') {
      const exitCode = code ? exitCodes[memberOf(code, 'exitCodes')] : exitCodes.badInput;
      const isQuoted = code?.type === 'MemberExpression' && plainName(code.property) === 'exitCode';
      if (exitCode === undefined && !isQuoted)
        problems.push(`${path}: an exit code that is not one of exitCodes`);
      return [{ kind: 'error', expression: message, exitCode }];
    }
    if (name === 'StrictJsonError') return detail('json', message);
    if (name === 'Error' && path.startsWith('src/cli/') && isFlagParser(node, sources))
      return detail('flag', message);
    if (name.endsWith('Error') && !bugs.has(name))
      problems.push(`${path}: new ${name}: say in scripts/errors/scan.ts what becomes of it`);
    return [];
  }
  if (node.type === 'ObjectExpression') {
    const member = (name: string) =>
      nodesIn(node, 'properties').find(({ key }) => plainName(key) === name)?.value;
    if (plainName(member('kind')) === 'warning') return detail('warning', member('message'));
    const isIssue = member('code') !== undefined && member('message') !== undefined;
    const isProblem = member('path') !== undefined && member('message') !== undefined;
    if (isIssue || isProblem) return detail('setting', member('message'));
    const given = member('error');
    if (!path.endsWith('config.ts') || !isNode(given)) return [];
    return isFunction(given)
      ? returnsOf(given).flatMap((value) => detail('setting', value))
      : detail('setting', given);
  }
  if (
    node.type === 'VariableDeclarator' &&
    plainName(node.id) === 'reasons' &&
    path.endsWith('/commit-file.ts') &&
    isNode(node.init)
  ) {
    return nodesIn(node.init, 'properties').flatMap(({ value }) => detail('reason', value));
  }
  const begins = node.type === 'TemplateLiteral' ? firstWords(node) : '';
  if (!/^(iclab|prepare): /.test(begins)) return [];
  const line = wholeSum(node, sources);
  if (begins.startsWith('iclab: warning: ')) return detail('warning', line);
  const exitCode = templateExitCodes[path];
  if (exitCode === undefined)
    problems.push(`${path}: a line of its own; give its exit code in scripts/errors/passed-on.ts`);
  return [{ kind: 'error', expression: line, exitCode }];
}

/** The text a template is the first part of. */
function wholeSum(node: SyntaxNode, sources: Sources): SyntaxNode {
  const parent = sources.parent(node);
  return parent?.type === 'BinaryExpression' ? wholeSum(parent, sources) : node;
}

function isWritingToStderr({ type, callee }: SyntaxNode): boolean {
  if (type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression') return false;
  const [object, method] = [callee.object, plainName(callee.property)];
  if (plainName(object) === 'console') return true;
  const stream =
    isNode(object) && object.type === 'MemberExpression' ? plainName(object.property) : plainName(object);
  return method === 'write' && stream === 'stderr';
}

function memberOf(node: SyntaxNode, object: string): string {
  return node.type === 'MemberExpression' && plainName(node.object) === object
    ? plainName(node.property)
    : '';
}

function firstWords(template: SyntaxNode): string {
  return (nodesIn(template, 'quasis')[0]?.value as { cooked: string } | undefined)?.cooked ?? '';
}

/** Whether it is thrown in a function whose name stands after `parse:`. */
function isFlagParser(node: SyntaxNode, sources: Sources): boolean {
  const around = sources.around(node).find(isFunction);
  const name = around ? plainName(around.id) : '';
  return sources.trees.some(({ program }) =>
    descendantsOf(program).some(
      ({ type, key, value }) =>
        type === 'Property' && plainName(key) === 'parse' && plainName(value) === name,
    ),
  );
}
