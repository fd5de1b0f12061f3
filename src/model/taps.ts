/**
 * Where somebody else may watch or overwrite an activation, and what becomes of its gradient: the model knows that it
 * is tapped, not what for. Without taps nothing is called and nothing is made.
 */
import type { Numbers } from '../engine/kernels.ts';

/** One site's. Both see the site as `siteMemory` says it lies, from `at` on. */
export interface Tap {
  /** The activation was computed: may overwrite it. */
  forward(x: Numbers, at: number): void;
  /** Turns the gradient of what the tap left into the gradient of what the model had computed. */
  backward(dx: Numbers, at: number): void;
}

/** By the names of `sites.ts`; within a layer by what follows the block's own name. */
export type Taps = ReadonlyMap<string, Tap>;

/**
 * The logits', which are never all there at once: called for tiles of `classes` of them, `[classes, lanes]` from `at` on,
 * the first of which is class `first`.
 */
export interface LogitsTap {
  forward(x: Numbers, at: number, first: number, classes: number): void;
  /** Clears the probabilities of the overwritten logits, whose gradient is none. */
  clear(p: Numbers, at: number, first: number, classes: number): void;
  /** Whether the logit of a class was overwritten. */
  isClaimed(label: number, lane: number): boolean;
}

/** Those of one layer, by what follows `prefix`; undefined where it has none. */
export function tapsUnder(taps: Taps | undefined, prefix: string): Taps | undefined {
  if (!taps) return undefined;
  const own = [...taps].flatMap(([name, tap]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), tap] as const] : [],
  );
  return own.length > 0 ? new Map(own) : undefined;
}
