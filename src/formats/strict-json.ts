/**
 * JSON read strictly, for headers that come from anywhere: objects become Maps (so no key is special), a name given
 * twice is an error (JSON.parse keeps the last one silently), nesting is limited. Throws `StrictJsonError`; the
 * caller knows the file's name.
 */
import { quoted } from './data-error.ts';

export type StrictJson = string | number | boolean | null | StrictJson[] | Map<string, StrictJson>;

export class StrictJsonError extends Error {}

const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): StrictJson {
    const value = this.#value(0);
    if (this.#peek() !== '') throw this.#error('end of text');
    return value;
  }

  #error(expected: string): StrictJsonError {
    return new StrictJsonError(`not valid JSON at character ${this.#at}: expected ${expected}`);
  }

  /** The next character that is not white space; '' at the end. */
  #peek(): string {
    for (; ; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (character !== ' ' && character !== '\n' && character !== '\r' && character !== '\t')
        return character;
    }
  }

  #number(): number | undefined {
    numberToken.lastIndex = this.#at;
    const token = numberToken.exec(this.#text)?.[0];
    if (token === undefined) return undefined;
    this.#at += token.length;
    return Number(token);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #value(depth: number): StrictJson {
    if (depth > this.#maxDepth) throw new StrictJsonError(`nested more than ${this.#maxDepth} levels deep`);
    const next = this.#peek();
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    const number = this.#number();
    if (number !== undefined) return number;
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    throw this.#error('a value');
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    let isPlain = true;
    for (; end < this.#text.length; end++) {
      const code = this.#text.charCodeAt(end);
      if (code === 0x22) break;
      if (code < 0x20) isPlain = false;
      if (code !== 0x5c) continue;
      isPlain = false;
      end++;
    }
    if (end >= this.#text.length) throw this.#error('a closed string');
    this.#at = end + 1;
    if (isPlain) return this.#text.slice(start + 1, end);
    try {
      // From quote to quote: what stands between (escapes, control characters) JSON.parse checks.
      return String(JSON.parse(this.#text.slice(start, end + 1)));
    } catch {
      this.#at = start;
      throw this.#error('a string without control characters or unknown escapes');
    }
  }

  #array(depth: number): StrictJson[] {
    const items: StrictJson[] = [];
    this.#take('[');
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#error('"," or "]"');
    return items;
  }

  #object(depth: number): Map<string, StrictJson> {
    const members = new Map<string, StrictJson>();
    this.#take('{');
    if (this.#take('}')) return members;
    do {
      if (this.#peek() !== '"') throw this.#error('a name in quotes');
      const name = this.#string();
      if (members.has(name)) throw new StrictJsonError(`the name ${quoted(name)} is given twice`);
      if (!this.#take(':')) throw this.#error('":"');
      members.set(name, this.#value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#error('"," or "}"');
    return members;
  }
}

/** @throws StrictJsonError */
export function parseStrictJson(text: string, maxDepth = 8): StrictJson {
  return new Reader(text, maxDepth).document();
}

/**
 * The same as plain objects and lists, for a schema to check; -0, which JSON.stringify never writes, as 0.
 * @throws StrictJsonError for the name `__proto__`, which no file of ours has
 */
export function plainJson(value: StrictJson): unknown {
  if (Array.isArray(value)) return value.map(plainJson);
  if (!(value instanceof Map)) return value === 0 ? 0 : value;
  if (value.has('__proto__')) throw new StrictJsonError('the name "__proto__" is not allowed');
  return Object.fromEntries([...value].map(([name, member]) => [name, plainJson(member)]));
}
