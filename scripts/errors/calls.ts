/** Which function a call means and, the other way round, every call of a function, callbacks included. */
import {
  descendantsOf,
  isFunction,
  isNode,
  nodesIn,
  plainName,
  type Sources,
  type SyntaxNode,
  unwrapped,
} from './syntax.ts';

export class Calls {
  readonly #sources: Sources;
  /** Functions by the name of the method or property they are the value of, per file and over all. */
  readonly #members = new Map<string, SyntaxNode[]>();
  readonly #callsOf = new Map<SyntaxNode, Set<SyntaxNode>>();
  /** Functions handed over as the argument of another function. */
  readonly #handedOver = new Map<SyntaxNode, Map<number, Set<SyntaxNode>>>();

  constructor(sources: Sources) {
    this.#sources = sources;
    const nodes = sources.trees.flatMap(({ program }) => descendantsOf(program));
    for (const node of nodes) this.#addMember(node);
    const calls = nodes.filter(({ type }) => type === 'CallExpression' || type === 'NewExpression');
    // What is handed over may be handed on.
    for (let round = 0; round < 3; round++) for (const call of calls) this.#addCall(call);
  }

  callsOf(called: SyntaxNode): SyntaxNode[] {
    return [...(this.#callsOf.get(called) ?? [])];
  }

  /** The functions an expression may stand for. */
  functionsOf(expression: unknown): SyntaxNode[] {
    if (!isNode(expression)) return [];
    const node = unwrapped(expression);
    if (isFunction(node)) return [node];
    if (node.type === 'Identifier') {
      const found = this.#sources.declarationOf(plainName(node), node);
      if (found?.kind === 'function') return [found.node];
      if (found?.kind === 'value' && found.path.length === 0) return this.functionsOf(found.value);
      if (found?.kind === 'parameter' && found.path.length === 0)
        return [...(this.#handedOver.get(found.of)?.get(found.index) ?? [])];
      return [];
    }
    if (node.type !== 'MemberExpression' || node.computed === true) return [];
    const name = plainName(node.property);
    const here = this.#members.get(`${this.#sources.pathOf(node)} ${name}`);
    if (here) return here;
    const anywhere = this.#members.get(name) ?? [];
    return anywhere.length === 1 ? anywhere : [];
  }

  #addMember(node: SyntaxNode): void {
    if (!/^(Property|MethodDefinition|PropertyDefinition)$/.test(node.type) || !isNode(node.value)) return;
    if (!isFunction(node.value)) return;
    const name = plainName(node.key);
    for (const key of [name, `${this.#sources.pathOf(node)} ${name}`])
      this.#members.set(key, [...(this.#members.get(key) ?? []), node.value]);
  }

  #addCall(call: SyntaxNode): void {
    for (const called of this.functionsOf(call.callee)) {
      this.#callsOf.set(called, (this.#callsOf.get(called) ?? new Set()).add(call));
      nodesIn(call, 'arguments').forEach((argument, index) => {
        const functions =
          isFunction(argument) || argument.type === 'Identifier' ? this.functionsOf(argument) : [];
        if (functions.length === 0) return;
        const places = this.#handedOver.get(called) ?? new Map<number, Set<SyntaxNode>>();
        this.#handedOver.set(called, places);
        const known = places.get(index) ?? new Set<SyntaxNode>();
        places.set(index, known);
        for (const one of functions) known.add(one);
      });
    }
  }
}

/** What a function gives back: the expressions after `return`, or the one after the arrow. */
export function returnsOf(called: SyntaxNode): SyntaxNode[] {
  const { body } = called;
  if (!isNode(body)) return [];
  if (body.type !== 'BlockStatement') return [body];
  const found: SyntaxNode[] = [];
  const visit = (node: SyntaxNode): void => {
    if (isFunction(node)) return;
    if (node.type === 'ReturnStatement' && isNode(node.argument)) found.push(node.argument);
    for (const value of Object.values(node))
      for (const child of [value].flat()) if (isNode(child)) visit(child);
  };
  visit(body);
  return found;
}
