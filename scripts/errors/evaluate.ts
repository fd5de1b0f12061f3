/**
 * What text an expression may give: every alternative as a message with gaps. Follows constants, functions of the
 * sources, joined templates, choices and lists; whatever it cannot follow is a gap, named after the expression.
 */
import { type Calls, returnsOf } from './calls.ts';
import { joined, type Message, type Part, saysSomething, sequences, shown } from './message.ts';
import { isNode, nodesIn, plainName, type Sources, type SyntaxNode, unwrapped } from './syntax.ts';

/** For a function the call that is looked at: its arguments are what the parameters are. */
export type Frame = ReadonlyMap<SyntaxNode, SyntaxNode>;

/** Functions that only make a value fit to be shown. */
const showing = new Set([
  'String',
  'printable',
  'visibleLine',
  'shortLine',
  'visibleText',
  'shownValue',
  'megabytes',
  'cut',
]);
const showingMethods = new Set([
  'replace',
  'replaceAll',
  'trim',
  'slice',
  'toString',
  'toFixed',
  'toPrecision',
  'toLowerCase',
]);
const listMethods = new Set(['filter', 'slice', 'toSorted', 'find', 'at', 'flat', 'concat']);

/** Parameters that say where, or of what, never what is wrong: what callers give for them is not followed. */
const places = new Set([
  'path',
  'file',
  'folder',
  'word',
  'name',
  'displayName',
  'kind',
  'key',
  'first',
  'error',
  'to',
  'from',
]);

/** Functions whose words stand somewhere else in the table. */
const named: Readonly<
  Record<string, (args: readonly SyntaxNode[], of: (node: SyntaxNode) => Message[]) => Message[]>
> = {
  quoted: ([value], of) => of(value).map((inner) => joined(['"', ...inner, '"'])),
  didYouMean: () => [[{ optional: ['; did you mean "', { gap: 'name' }, '"?'] }]],
  storageReason: () => [[{ gap: 'reason' }]],
  located: ([, , problem], of) => of(problem).map((inner) => joined([{ gap: 'setting' }, ': ', ...inner])),
  problemLine: () => [[{ gap: 'setting' }, ': ', { gap: 'problem' }]],
  errorLine: () => [[{ gap: 'error' }]],
  expectation: () => [[{ gap: 'what it may be' }]],
};

const deepest = 40;

export class Evaluator {
  readonly #sources: Sources;
  readonly #calls: Calls;

  constructor(sources: Sources, calls: Calls) {
    this.#sources = sources;
    this.#calls = calls;
  }

  /** @returns no message where the expression gives none (`undefined`) */
  messages(expression: SyntaxNode, frame: Frame, depth = 0): Message[] {
    const node = unwrapped(expression);
    if (depth > deepest) return [[{ gap: gapName(node) }]];
    const inner = (child: unknown) => (isNode(child) ? this.messages(child, frame, depth + 1) : []);
    switch (node.type) {
      case 'Literal':
        return node.value === null ? [] : [joined([`${node.value as string | number | boolean}`])];
      case 'TemplateLiteral': {
        const values = nodesIn(node, 'expressions').map(inner);
        const words = nodesIn(node, 'quasis').map(({ value }) => (value as { cooked: string }).cooked);
        return sequences(
          words.flatMap((word, i) => (i < values.length ? [[[word]], values[i]] : [[[word]]])),
        );
      }
      case 'BinaryExpression': {
        const [left, right] = [inner(node.left), inner(node.right)];
        const isText =
          node.operator === '+' &&
          [...left, ...right].some((m) => m.some((p) => typeof p === 'string' && !/^\d*$/.test(p)));
        return isText ? sequences([left, right]) : [[{ gap: 'number' }]];
      }
      case 'ConditionalExpression':
        return choice(inner(node.consequent), inner(node.alternate));
      case 'LogicalExpression':
        return logical(String(node.operator), inner(node.left), inner(node.right));
      case 'Identifier':
        return this.#named(plainName(node), node, [], frame, depth);
      case 'MemberExpression':
        return this.#member(node, frame, depth);
      case 'CallExpression':
        return this.#call(node, frame, depth);
      default:
        return [[{ gap: gapName(node) }]];
    }
  }

  /** What a name, or a part of what it stands for, may be. */
  #named(name: string, at: SyntaxNode, path: readonly string[], frame: Frame, depth: number): Message[] {
    const label = path.at(-1) ?? name;
    const plain: Message[] = [[{ gap: words(/^\d+$/.test(label) ? name : label) }]];
    if (name === 'undefined') return [];
    const found = this.#sources.declarationOf(name, at);
    if (found?.kind === 'value') {
      const whole = [...found.path, ...path];
      if (whole.length > 0) return this.#inside(found.value, whole, frame, depth + 1) ?? plain;
      const value = this.messages(found.value, frame, depth + 1);
      const isOneGap = value.length === 1 && value[0].length === 1 && typeof value[0][0] !== 'string';
      const isOptional = isOneGap && 'optional' in (value[0][0] as object);
      return isOneGap && !isOptional && !hasParameter(value[0][0]) ? [[{ gap: words(name) }]] : value;
    }
    if (found?.kind !== 'parameter') return plain;
    const call = frame.get(found.of);
    const argument = call && nodesIn(call, 'arguments')[found.index];
    const whole = [...found.path, ...path];
    if (whole.length > 0) return (argument && this.#inside(argument, whole, frame, depth + 1)) ?? plain;
    if (places.has(name)) return plain;
    const gap = { gap: words(name), parameter: { of: found.of, index: found.index } };
    if (!argument) return [[call ? { gap: words(name) } : gap]];
    return this.messages(argument, frame, depth + 1).map((message): Message => {
      const told = message.find((part) => typeof part !== 'string' && 'gap' in part && part.parameter);
      if (saysSomething(message) || message.length === 0) return message;
      return [told ? { ...(told as Part & object), gap: words(name) } : { gap: words(name) }];
    });
  }

  #member(node: SyntaxNode, frame: Frame, depth: number): Message[] {
    const object = isNode(node.object) ? unwrapped(node.object) : node;
    const isIndex = node.computed === true;
    if (isIndex && isNode(node.property) && node.property.type === 'Literal')
      return this.#elements(object, frame, depth + 1) ?? [[{ gap: gapName(node) }]];
    const name = plainName(node.property);
    const inside = isIndex ? undefined : this.#inside(object, [name], frame, depth + 1);
    return inside ?? [[{ gap: gapName(node) }]];
  }

  #call(node: SyntaxNode, frame: Frame, depth: number): Message[] {
    const callee = node.callee as SyntaxNode;
    const args = nodesIn(node, 'arguments');
    const of = (child: SyntaxNode) => this.messages(child, frame, depth + 1);
    const name = plainName(callee);
    if (name in named) return named[name](args, of);
    if (showing.has(name)) return of(args[0]);
    if (callee.type === 'MemberExpression' && isNode(callee.object)) {
      const method = plainName(callee.property);
      if (method === 'stringify') return of(args[0]);
      if (method === 'join') return this.#join(callee.object, args, frame, depth);
      if (showingMethods.has(method)) return of(callee.object);
      if (listMethods.has(method)) {
        const elements = this.#elements(node, frame, depth + 1);
        if (elements) return elements;
      }
    }
    for (const called of this.#calls.functionsOf(callee)) {
      const within = new Map(frame).set(called, node);
      const given = returnsOf(called).flatMap((value) => this.messages(value, within, depth + 1));
      if (given.some(saysSomething)) return given;
    }
    return [[{ gap: gapName(node) }]];
  }

  /** A list of fixed parts joined, the empty ones left out; any other list is one gap. */
  #join(list: SyntaxNode, args: readonly SyntaxNode[], frame: Frame, depth: number): Message[] {
    const array = this.#arrayOf(list);
    const separator = args.length === 1 ? plainName(args[0]) : ',';
    if (!array || nodesIn(array, 'elements').length < 2) return [[{ gap: gapName(list) }]];
    const parts = nodesIn(array, 'elements').map((element) =>
      this.messages(
        element.type === 'SpreadElement' ? (element.argument as SyntaxNode) : element,
        frame,
        depth + 1,
      ),
    );
    return sequences(parts.map((options) => options.map((option) => [{ optional: option }]))).map(
      (message) => {
        const there = message
          .map((part) => (part as { optional: Message }).optional)
          .filter((part) => part.length > 0);
        return joined(there.flatMap((part, i) => (i === 0 ? part : [separator, ...part])));
      },
    );
  }

  #arrayOf(expression: SyntaxNode): SyntaxNode | undefined {
    const node = unwrapped(expression);
    if (node.type === 'ArrayExpression') return node;
    if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'MemberExpression') {
      const isFilter = plainName(node.callee.property) === 'filter';
      return isFilter && isNode(node.callee.object) ? this.#arrayOf(node.callee.object) : undefined;
    }
    const found = node.type === 'Identifier' ? this.#sources.declarationOf(plainName(node), node) : undefined;
    return found?.kind === 'value' && found.path.length === 0 ? this.#arrayOf(found.value) : undefined;
  }

  /** What any element of a list may be; undefined where that cannot be told. */
  #elements(expression: SyntaxNode, frame: Frame, depth: number): Message[] | undefined {
    const node = unwrapped(expression);
    if (depth > deepest) return undefined;
    if (
      node.type === 'ArrayExpression' ||
      (node.type === 'NewExpression' && plainName(node.callee) === 'Set')
    ) {
      const items = nodesIn(node, node.type === 'ArrayExpression' ? 'elements' : 'arguments');
      const all = items.map((item) => {
        if (item.type === 'SpreadElement')
          return this.#elements(item.argument as SyntaxNode, frame, depth + 1);
        return node.type === 'ArrayExpression'
          ? this.messages(item, frame, depth + 1)
          : this.#elements(item, frame, depth + 1);
      });
      const known = all.filter((options) => options !== undefined);
      return known.length === all.length && known.length > 0 ? known.flat() : undefined;
    }
    if (node.type === 'Identifier') {
      const found = this.#sources.declarationOf(plainName(node), node);
      return found?.kind === 'value' && found.path.length === 0
        ? this.#elements(found.value, frame, depth + 1)
        : undefined;
    }
    if (node.type !== 'CallExpression' || !isNode(node.callee) || node.callee.type !== 'MemberExpression')
      return undefined;
    const method = plainName(node.callee.property);
    if (method === 'map') {
      const [called] = this.#calls.functionsOf(nodesIn(node, 'arguments')[0]);
      const given = called && returnsOf(called).flatMap((value) => this.messages(value, frame, depth + 1));
      return given?.some(saysSomething) ? given : undefined;
    }
    return listMethods.has(method) && isNode(node.callee.object)
      ? this.#elements(node.callee.object, frame, depth + 1)
      : undefined;
  }

  /** A member of what an expression gives, down a path; undefined where that cannot be told. */
  #inside(
    expression: SyntaxNode,
    path: readonly string[],
    frame: Frame,
    depth: number,
  ): Message[] | undefined {
    const node = unwrapped(expression);
    if (depth > deepest) return undefined;
    const [first, ...rest] = path;
    if (node.type === 'ObjectExpression') {
      const property = nodesIn(node, 'properties').find((candidate) => plainName(candidate.key) === first);
      if (!property || !isNode(property.value)) return undefined;
      return rest.length > 0
        ? this.#inside(property.value, rest, frame, depth + 1)
        : this.messages(property.value, frame, depth + 1);
    }
    if (node.type === 'CallExpression') {
      for (const called of this.#calls.functionsOf(node.callee)) {
        const within = new Map(frame).set(called, node);
        const given = returnsOf(called).flatMap(
          (value) => this.#inside(value, path, within, depth + 1) ?? [],
        );
        if (given.some(saysSomething)) return given;
      }
      return undefined;
    }
    if (node.type !== 'Identifier') return undefined;
    const found = this.#sources.declarationOf(plainName(node), node);
    if (found?.kind === 'value') return this.#inside(found.value, [...found.path, ...path], frame, depth + 1);
    const call = found?.kind === 'parameter' ? frame.get(found.of) : undefined;
    const argument =
      found?.kind === 'parameter' && call ? nodesIn(call, 'arguments')[found.index] : undefined;
    return argument && found?.kind === 'parameter'
      ? this.#inside(argument, [...found.path, ...path], frame, depth + 1)
      : undefined;
  }
}

function hasParameter(part: Part): boolean {
  return typeof part !== 'string' && 'gap' in part && part.parameter !== undefined;
}

/** A part that may be missing, short words of which one is taken, or messages of their own. */
function choice(yes: readonly Message[], no: readonly Message[]): Message[] {
  const isNothing = (options: readonly Message[]) => options.length === 1 && options[0].length === 0;
  if (isNothing(yes) !== isNothing(no)) return (isNothing(yes) ? no : yes).map(optionally);
  const both = [...yes, ...no];
  const short = both.map(shown);
  const areWords = both.every((message) => message.length === 1 && message[0] === shown(message));
  if (areWords && yes.length > 0 && no.length > 0 && short.every((word) => /^\S{1,20}$/.test(word)))
    return [[{ gap: short.join('|') }]];
  if (yes.length > 0 && no.length > 0 && !both.some(saysSomething)) return [yes[0]];
  return both;
}

function optionally(message: Message): Message {
  const [only, ...others] = message;
  const isOne = others.length === 0 && typeof only !== 'string' && 'optional' in only;
  return isOne ? message : [{ optional: message }];
}

function logical(operator: string, left: readonly Message[], right: readonly Message[]): Message[] {
  if (operator === '&&') return [...right];
  return right.some(saysSomething) ? [...left, ...right] : [...left];
}

/** `maxHeaderBytes` as `max header bytes`. */
function words(name: string): string {
  const plain = name.replace(/^#/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return plain.trim() || 'value';
}

/** Says nothing without the name before it. */
const vague = new Set(['name', 'length', 'size', 'message', 'path', 'kind', 'value', 'index']);

function gapName(expression: SyntaxNode): string {
  const node = unwrapped(expression);
  if (node.type === 'Identifier') return words(plainName(node));
  if (node.type === 'MemberExpression' && isNode(node.object)) {
    if (node.computed === true) return gapName(node.object);
    const own = words(plainName(node.property));
    const owner = unwrapped(node.object);
    return vague.has(own) && owner.type === 'Identifier' ? `${words(plainName(owner))} ${own}` : own;
  }
  if (node.type === 'CallExpression' && isNode(node.callee)) {
    const { callee } = node;
    if (callee.type === 'MemberExpression' && isNode(callee.object)) return gapName(callee.object);
    return words(plainName(callee));
  }
  if (/^(BinaryExpression|UnaryExpression)$/.test(node.type)) return 'number';
  if (node.type === 'ArrayExpression') return 'list';
  return 'value';
}
