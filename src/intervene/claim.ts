/**
 * What every intervention comes down to: claims on entries of sites, each with the numbers that are written there. The
 * numbers are another pass's, or a writer makes them from the batch.
 */
import type { Numbers } from '../engine/kernels.ts';
import type { ModelShape } from '../model/config.ts';
import type { ModelInput } from '../model/embedding.ts';
import type { Layout } from '../model/layout.ts';
import { findSite, type Site } from '../model/sites.ts';

/** Entries of a site; what is not given is all of it. Zero-based. */
export interface Region {
  readonly heads?: readonly number[] | undefined;
  /** Tokens; queries of scores and patterns. */
  readonly places?: readonly number[] | undefined;
  /** Keys of scores and patterns, else features (of each head). */
  readonly columns?: readonly number[] | undefined;
}

/** The entries of a claim that a model computes, each a run of `lanes` numbers in its memory. */
export interface Entries {
  readonly count: number;
  /** Where each begins, from the site's own beginning on. */
  readonly offsets: Int32Array;
  readonly heads: Int32Array;
  readonly places: Int32Array;
  readonly columns: Int32Array;
}

/** What a writer finds when it is set up. */
export interface Workplace {
  readonly layout: Layout;
  readonly input: ModelInput;
  readonly entries: Entries;
  /** What to call its intervention in errors. */
  readonly where: string;
}

/** Writes the entries into an activation that begins at `at`. */
export type Write = (x: Numbers, at: number) => void;

/** The pass that gives a claim its numbers: the model's own without interventions, or a donor's by its key. */
export type Source = 'clean' | { readonly donor: string };

export interface Claim {
  readonly site: Site;
  readonly region: Region;
  /** The part of the spec it stems from, as it was written. */
  readonly item: string;
  readonly value:
    | { readonly kind: 'written'; readonly setUp: (place: Workplace) => Write }
    /** What another pass has there, divided by a number for each head; undefined: by none. */
    | { readonly kind: 'copied'; readonly source: Source; readonly divisors?: readonly number[] }
    /** Of the logits alone: a head's clean scores in the query's row, on the context's labels; -1e9 on all others. */
    | { readonly kind: 'answered'; readonly scores: Site; readonly head: number };
}

/** What a spec is compiled for. */
export interface Target {
  readonly shape: ModelShape;
  /** What to call the intervention in errors. */
  readonly where: string;
}

/** A claim on a site of a block whose numbers a writer makes. */
export function writtenClaim(
  { shape }: Target,
  site: string,
  region: Region,
  item: string,
  setUp: (place: Workplace) => Write,
): Claim {
  return { site: findSite(shape, site), region, item, value: { kind: 'written', setUp } };
}

/** Writes one number to every entry. */
export function constant(value: number): (place: Workplace) => Write {
  return ({ entries, layout: { lanes } }) =>
    (x, at) => {
      for (const offset of entries.offsets) x.fill(value, at + offset, at + offset + lanes);
    };
}

/** Writes to every entry what a function makes of its place, the same for all sequences. */
export function perEntry(value: (place: number, column: number) => number): (place: Workplace) => Write {
  return ({ entries, layout: { lanes } }) =>
    (x, at) => {
      const { offsets, places, columns } = entries;
      for (const [i, offset] of offsets.entries())
        x.fill(value(places[i], columns[i]), at + offset, at + offset + lanes);
    };
}

/** Places of labels: 1, 3, ... */
export function labelPlaces({ contextPairs }: ModelShape): number[] {
  return Array.from({ length: contextPairs }, (_, pair) => 2 * pair + 1);
}

/** Places of exemplars, the query's included: 0, 2, ... */
export function exemplarPlaces({ contextPairs }: ModelShape): number[] {
  return Array.from({ length: contextPairs + 1 }, (_, pair) => 2 * pair);
}

export function queryPlace({ contextPairs }: ModelShape): number {
  return 2 * contextPairs;
}
