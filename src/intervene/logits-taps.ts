/** Claims on the logits, which come tile by tile: what is written there, what a head answers, and their gradients. */
import { exp } from '../engine/elementary.ts';
import type { Numbers } from '../engine/kernels.ts';
import type { ModelInput } from '../model/embedding.ts';
import type { Layout } from '../model/layout.ts';
import type { LogitsTap } from '../model/taps.ts';
import type { Unembedding } from '../model/unembedding.ts';
import type { Entries, Write } from './claim.ts';
import { noScore } from './kinds/forbid-previous-token.ts';
import type { GradientInlet } from './site-tap.ts';

/** Written by a clamp. */
export class WrittenLogits implements LogitsTap {
  readonly #claims: readonly {
    readonly entries: Entries;
    readonly write: Write;
    readonly onApplied: () => void;
  }[];
  readonly #lanes: number;
  readonly #claimed: Uint8Array;
  /** All logits as the claims write them, made anew for every pass. */
  readonly #written: Float64Array;

  constructor(
    claims: readonly { readonly entries: Entries; readonly write: Write; readonly onApplied: () => void }[],
    { lanes, shape }: Layout,
  ) {
    this.#claims = claims;
    this.#lanes = lanes;
    this.#written = new Float64Array(shape.labels * lanes);
    this.#claimed = new Uint8Array(shape.labels);
    for (const { entries } of claims) for (const label of entries.columns) this.#claimed[label] = 1;
  }

  /** To be called before every pass. */
  start(): void {
    for (const { write, onApplied } of this.#claims) {
      write(this.#written, 0);
      onApplied();
    }
  }

  #each(first: number, classes: number, visit: (label: number, offset: number) => void): void {
    for (let c = 0; c < classes; c++) if (this.#claimed[first + c] === 1) visit(first + c, c * this.#lanes);
  }

  forward(x: Numbers, at: number, first: number, classes: number): void {
    this.#each(first, classes, (label, offset) =>
      x.set(this.#written.subarray(label * this.#lanes, (label + 1) * this.#lanes), at + offset),
    );
  }

  clear(p: Numbers, at: number, first: number, classes: number): void {
    this.#each(first, classes, (_label, offset) => p.fill(0, at + offset, at + offset + this.#lanes));
  }

  isClaimed(label: number): boolean {
    return this.#claimed[label] === 1;
  }
}

/** Scores of one head as the answer; all logits are overwritten. */
export class AnsweredLogits implements LogitsTap {
  readonly #scores: () => { readonly data: Numbers; readonly at: number };
  /** Entries of the head's scores in the query's row. */
  readonly #entries: Entries;
  readonly #input: ModelInput;
  readonly #layout: Layout;

  constructor(
    scores: () => { readonly data: Numbers; readonly at: number },
    entries: Entries,
    input: ModelInput,
    layout: Layout,
  ) {
    this.#scores = scores;
    this.#entries = entries;
    this.#input = input;
    this.#layout = layout;
  }

  /** Calls for every context place with its label and where its score stands; later ones overwrite earlier ones. */
  #eachAnswer(visit: (label: number, lane: number, entry: number) => void): void {
    const { lanes } = this.#layout;
    for (const [entry, key] of this.#entries.columns.entries()) {
      if (key % 2 === 0) continue;
      for (let lane = 0; lane < lanes; lane++)
        visit(this.#input.contextLabels[((key - 1) / 2) * lanes + lane], lane, entry);
    }
  }

  forward(x: Numbers, at: number, first: number, classes: number): void {
    const { lanes } = this.#layout;
    const { data, at: scoresAt } = this.#scores();
    x.fill(noScore, at, at + classes * lanes);
    this.#eachAnswer((label, lane, entry) => {
      if (label >= first && label < first + classes)
        x[at + (label - first) * lanes + lane] = data[scoresAt + this.#entries.offsets[entry] + lane];
    });
  }

  clear(p: Numbers, at: number, _first: number, classes: number): void {
    p.fill(0, at, at + classes * this.#layout.lanes);
  }

  isClaimed(): boolean {
    return true;
  }

  /** Hands the gradient of the mean loss of `size` sequences to the scores that were copied. */
  handOn(unembedding: Unembedding, size: number, inlet: GradientInlet): void {
    const { data, at } = this.#scores();
    inlet.clear();
    const owner = new Map<string, number>();
    this.#eachAnswer((label, lane, entry) => owner.set(`${label} ${lane}`, entry));
    for (const [key, entry] of owner) {
      const [label, lane] = key.split(' ').map(Number);
      if (lane >= size) continue;
      const logit = data[at + this.#entries.offsets[entry] + lane];
      const p = exp(logit - unembedding.maximum[lane]) / unembedding.sum[lane];
      const isTarget = label === this.#input.targets[lane];
      inlet.set(entry, lane, (p - (isTarget ? 1 : 0)) / size);
    }
  }
}
