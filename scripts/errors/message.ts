/**
 * A message as the sources spell it: fixed words, gaps that a value fills, and parts that may be missing. What is said
 * here of such a message is what the table shows and what a test has to quote.
 */
import type { SyntaxNode } from './syntax.ts';

/** A value; where it is a parameter of a function around it, what the callers give may be words. */
export interface Gap {
  readonly gap: string;
  readonly parameter?: { readonly of: SyntaxNode; readonly index: number };
}

/** A tail such as "did you mean". */
export interface Optional {
  readonly optional: Message;
}

export type Part = string | Gap | Optional;

export type Message = readonly Part[];

/** Neighbouring words joined, empty ones left out. */
export function joined(parts: readonly Part[]): Message {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}

/** All ways to put one of each together. */
export function sequences(choices: readonly (readonly Message[])[]): Message[] {
  let all: Message[] = [[]];
  for (const options of choices)
    all = all.flatMap((start) => options.map((option) => joined([...start, ...option])));
  return all;
}

/** `<file>: got <value>[; did you mean "<name>"?]`. */
export function shown(message: Message): string {
  return message
    .map((part) => {
      if (typeof part === 'string') return part;
      return 'gap' in part ? `<${part.gap}>` : `[${shown(part.optional)}]`;
    })
    .join('');
}

/** The fixed words that are always there. */
export function fixedWords(message: Message): string[] {
  return message.filter((part) => typeof part === 'string');
}

/** Whether an argument adds words of its own; a path made of parts does not. */
export function saysSomething(message: Message): boolean {
  const words = fixedWords(message);
  const isPath = words.some((word) => word.includes('/')) && !words.some((word) => word.includes(' '));
  return !isPath && words.some((word) => /\p{L}|"[^"]+"/u.test(word));
}

/** Enough fixed words to find the message by. */
export function isTelling(message: Message): boolean {
  return fixedWords(message).some((word) => word.replace(/[^\p{L}]/gu, '').length >= 6);
}

export function gapsIn(message: Message): Gap[] {
  return message.flatMap((part) => {
    if (typeof part === 'string') return [];
    return 'gap' in part ? [part] : gapsIn(part.optional);
  });
}
