/**
 * What an analysis is: a pure function from a model at one moment of its training, with the evaluators' fixed sequences
 * beside it, to a table of plain data. Nothing of it knows runs, files or threads, so that the same analysis serves a
 * command, a figure and a page.
 */
import type { Probe } from './probe.ts';

export interface Analysis<Table> {
  /** Names its tables on disk, together with `version` and `settings`: letters, digits and hyphens. */
  readonly name: string;
  /** Raised whenever it gives another table for the same model. */
  readonly version: number;
  /** What else decides its table, as plain data: evaluators, clamps, temperatures. */
  readonly settings: PlainData;
  /** Yields where others may run; returns the table, which JSON must be able to hold. */
  measure(probe: Probe): Generator<undefined, Table, void>;
}

export type PlainData =
  | null
  | boolean
  | number
  | string
  | readonly PlainData[]
  | { readonly [key: string]: PlainData };
