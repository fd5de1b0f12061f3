/**
 * The claims on one site at work: written one over the other in their order, and on the way back cleared, for an
 * overwritten entry has no gradient of its own; what was copied from another pass hands its gradient on to that pass.
 */
import type { Numbers } from '../engine/kernels.ts';
import type { Layout } from '../model/layout.ts';
import type { Tap } from '../model/taps.ts';
import type { Entries, Write } from './claim.ts';

/** One claim, ready to be applied. */
export interface ClaimAtWork {
  readonly entries: Entries;
  readonly write: Write;
  /** Takes the gradient of what was written, before it is cleared. */
  readonly takeGradient: ((dx: Numbers, at: number) => void) | undefined;
  /** Told that it was applied. */
  readonly onApplied: () => void;
}

export class SiteTap implements Tap {
  readonly #claims: readonly ClaimAtWork[];
  readonly #layout: Layout;
  /** Whether the site's own values are needed on the way back, though overwritten: those of a softmax. */
  readonly #keeps: boolean;
  #kept: { x: Numbers; at: number; values: Numbers[] } | undefined;

  /** @param claims later ones overwrite earlier ones */
  constructor(claims: readonly ClaimAtWork[], layout: Layout, keeps: boolean) {
    this.#claims = claims;
    this.#layout = layout;
    this.#keeps = keeps;
  }

  forward(x: Numbers, at: number): void {
    const { lanes } = this.#layout;
    if (this.#keeps) {
      const values = this.#claims.map(({ entries }) => {
        const kept = new Float64Array(entries.count * lanes);
        for (const [i, offset] of entries.offsets.entries())
          kept.set(x.subarray(at + offset, at + offset + lanes), i * lanes);
        return kept;
      });
      this.#kept = { x, at, values };
    }
    for (const { write, onApplied } of this.#claims) {
      write(x, at);
      onApplied();
    }
  }

  backward(dx: Numbers, at: number): void {
    const { lanes } = this.#layout;
    for (const { entries, takeGradient } of this.#claims.toReversed()) {
      takeGradient?.(dx, at);
      for (const offset of entries.offsets) dx.fill(0, at + offset, at + offset + lanes);
    }
    if (!this.#kept) return;
    const { x, at: xAt, values } = this.#kept;
    for (const [c, { entries }] of this.#claims.entries()) {
      for (const [i, offset] of entries.offsets.entries())
        x.set(values[c].subarray(i * lanes, (i + 1) * lanes), xAt + offset);
    }
  }
}

/** Adds to a pass's gradient at a site what other passes that copied from it handed on. */
export class GradientInlet implements Tap {
  readonly #entries: Entries;
  readonly #lanes: number;
  readonly #gradient: Float64Array;

  constructor(entries: Entries, lanes: number) {
    this.#entries = entries;
    this.#lanes = lanes;
    this.#gradient = new Float64Array(entries.count * lanes);
  }

  /** Takes the gradient of the copies at `dx`, each divided as its value was. */
  take(dx: Numbers, at: number, divisors: readonly number[] | undefined): void {
    const { offsets, heads } = this.#entries;
    for (const [i, offset] of offsets.entries()) {
      const divisor = divisors?.[heads[i]] ?? 1;
      for (let lane = 0; lane < this.#lanes; lane++)
        this.#gradient[i * this.#lanes + lane] = dx[at + offset + lane] / divisor;
    }
  }

  /** Sets the gradient of entry `i` in a lane. */
  set(i: number, lane: number, value: number): void {
    this.#gradient[i * this.#lanes + lane] = value;
  }

  clear(): void {
    this.#gradient.fill(0);
  }

  forward(): void {
    // Nothing is overwritten in the pass that is copied from.
  }

  backward(dx: Numbers, at: number): void {
    for (const [i, offset] of this.#entries.offsets.entries()) {
      for (let lane = 0; lane < this.#lanes; lane++)
        dx[at + offset + lane] += this.#gradient[i * this.#lanes + lane];
    }
  }
}
