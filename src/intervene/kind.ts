/** What makes one kind of intervention: its spec, its one-line form and what it claims. One file each in `kinds/`. */
import type { z } from 'zod';
import type { Claim, Target } from './claim.ts';

export interface Kind<Schema extends z.ZodObject = z.ZodObject> {
  /** The spec with its `kind`, as in a run's config. */
  readonly schema: Schema;
  /** A line that means something in the paper's model. */
  readonly example: string;
  /** Settings in what stands after `kind=` on one line, unchecked: the schema says what is wrong with them. */
  readonly fromLine: (text: string) => Record<string, unknown>;
  /** What stands after `kind=`. */
  readonly toLine: (spec: z.output<Schema>) => string;
  /** @throws LabError where the model has no such head, block or site */
  readonly claims: (spec: z.output<Schema>, target: Target) => readonly Claim[];
}

/** For inference alone. */
export function defineKind<Schema extends z.ZodObject>(kind: Kind<Schema>): Kind<Schema> {
  return kind;
}

/** `0:1,0:4@0.8,labels`: the list, the number after `@`, and words after that. */
export interface LineParts {
  readonly items: string[];
  /** NaN where there is none: a schema wants a number. */
  readonly number: number;
  readonly words: string[];
}

export function lineParts(text: string): LineParts {
  const at = text.indexOf('@');
  const list = (part: string) => (part === '' ? [] : part.split(',').map((word) => word.trim()));
  if (at < 0) return { items: list(text), number: NaN, words: [] };
  const [number = '', ...words] = list(text.slice(at + 1));
  return { items: list(text.slice(0, at)), number: lineNumber(number), words };
}

/** A number as typed: 0.8, 20e6, 20_000_000, 600k, 1.2M; NaN for anything else. */
export function lineNumber(text: string): number {
  const [, digits, unit] = /^([-+]?[\d.].*?)([kM]?)$/.exec(text) ?? [];
  if (digits === undefined) return NaN;
  const number = Number(digits.replaceAll('_', ''));
  return unit === '' ? number : Math.round(number * (unit === 'k' ? 1e3 : 1e6));
}

/** The one word that may follow: `labels`, or nothing. Another is handed on for the schema to refuse. */
export function labelsWord(words: readonly string[]): unknown {
  if (words.length === 0) return false;
  return words.length === 1 && words[0] === 'labels' ? true : words.join(',');
}
