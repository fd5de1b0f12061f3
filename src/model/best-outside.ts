/**
 * Evaluation: for each lane the best logit among labels outside the context, and its class. Shards of the labels look by
 * themselves and are joined in their order.
 */
import type { Kernels, Numbers } from '../engine/kernels.ts';

export class BestOutside {
  readonly value: Numbers;
  readonly label: Int32Array;
  readonly #kernels: Kernels;
  readonly #lanes: number;
  readonly #shardValue: Numbers;
  readonly #shardLabel: Int32Array;

  constructor(kernels: Kernels, shards: number, lanes: number) {
    this.#kernels = kernels;
    this.#lanes = lanes;
    this.value = kernels.allocate(lanes);
    this.label = kernels.allocateIndices(lanes);
    this.#shardValue = kernels.allocate(shards * lanes);
    this.#shardLabel = kernels.allocateIndices(shards * lanes);
  }

  start(): void {
    this.#shardValue.fill(-Infinity);
    this.#shardLabel.fill(0);
  }

  /** Looks through a tile of logits `[classes, lanes]` that begins with class `first`. */
  look(shard: number, x: Numbers, xAt: number, classes: number, first: number): void {
    const at = shard * this.#lanes;
    const lanes = this.#lanes;
    this.#kernels.argmaxTile(this.#shardValue, at, this.#shardLabel, at, x, xAt, classes, lanes, first);
  }

  /** Of equal logits the lower class wins. */
  join(): void {
    this.value.fill(-Infinity);
    this.label.fill(0);
    for (let at = 0; at < this.#shardValue.length; at++) {
      const lane = at % this.#lanes;
      if (!(this.#shardValue[at] > this.value[lane])) continue;
      this.value[lane] = this.#shardValue[at];
      this.label[lane] = this.#shardLabel[at];
    }
  }
}
