/**
 * The few logits somebody asks of a pass over all labels. The pass goes through the labels tile by tile, so the wanted
 * ones are kept in order of their class, and each tile takes what falls into it.
 */
import type { Kernels } from '../engine/kernels.ts';

export class WantedLogits {
  /** Logits per lane: slot 0 is the correct label's, the others (evaluation only) those of the context's labels. */
  readonly slots: number;
  readonly lanes: number;
  /** Class of each slot and lane `[slots, lanes]`; the caller writes it before a pass. */
  readonly classes: Int32Array;
  /** What was read, `[slots, lanes]`. */
  readonly logits: Float64Array;
  /** Entries (slot * lanes + lane) in order of their class. */
  readonly order: Int32Array;

  constructor(kernels: Kernels, slots: number, lanes: number) {
    this.slots = slots;
    this.lanes = lanes;
    this.classes = kernels.allocateIndices(slots * lanes);
    this.logits = kernels.allocateDoubles(slots * lanes);
    this.order = kernels.allocateIndices(slots * lanes);
  }

  /** Puts the entries in order, once `classes` are written. */
  sort(): void {
    for (let i = 0; i < this.order.length; i++) this.order[i] = i;
    this.order.sort((a, b) => this.classes[a] - this.classes[b] || a - b);
  }

  /** Position in the order of the first entry, at or after `start`, whose class is not below `from`. */
  firstFrom(from: number, start = 0): number {
    let next = start;
    while (next < this.order.length && this.classes[this.order[next]] < from) next++;
    return next;
  }
}
