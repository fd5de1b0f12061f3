/**
 * The second pass over the labels: the gradient of the unembedding's weights and biases, from what the first pass left
 * (`unembedding.ts`), handed to the optimizer while it is in the cache.
 */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import type { GradientSink } from './gradient-sink.ts';
import { type LabelTiles, tileClasses, updateShares } from './label-tiles.ts';
import type { Layout } from './layout.ts';
import type { Parameter } from './parameter-set.ts';
import type { WantedLogits } from './wanted-logits.ts';

/** Tiles whose gradients are handed over together: a longer run of weights and moments streams better from memory. */
export const gradientTiles = 4;

/** What the first pass left, and what it was made of. */
export interface FirstPass {
  readonly weight: Parameter;
  readonly bias: Parameter;
  /** Final hidden state at the query `[lanes, dModel]`. */
  readonly hiddenRows: Numbers;
  /** Unnormalised probabilities of all classes `[labels, lanes]`; the second pass makes gradients of logits of them. */
  readonly p: Numbers;
  /** Largest logit of each lane up to each tile, by which `p` is scaled there, and of all labels. */
  readonly tileMaximum: Numbers;
  readonly maximum: Numbers;
  /** What a lane counts: 1 / (its sum of exponentials * lanes that count), or 0. */
  readonly weightOfLane: Numbers;
  /** What the correct label's logit counts besides its probability: 1 / lanes that count, or 0 where it was overwritten. */
  readonly weightOfTarget: Float64Array;
  /** The correct labels. */
  readonly wanted: WantedLogits;
}

export class UnembeddingGradients {
  readonly #kernels: Kernels;
  readonly #layout: Layout;
  readonly #tiles: LabelTiles;
  readonly #found: FirstPass;
  /** By share, as is the next. */
  readonly #factor: Numbers;
  /** Of the present tiles: weights `[classes, dModel]`, then biases. */
  readonly #gradient: Numbers;

  constructor(kernels: Kernels, layout: Layout, tiles: LabelTiles, found: FirstPass) {
    this.#kernels = kernels;
    this.#layout = layout;
    this.#tiles = tiles;
    this.#found = found;
    this.#factor = kernels.allocate(updateShares * layout.lanes);
    this.#gradient = kernels.allocate(updateShares * gradientTiles * tileClasses * (layout.shape.dModel + 1));
  }

  /** Of the mean loss of `size` lanes; one of `shares` (at most `updateShares`) disjoint parts. */
  give(sink: GradientSink, size: number, share: number, shares: number): void {
    const { dModel } = this.#layout.shape;
    const { weight, bias, wanted } = this.#found;
    const [from, to] = this.#tiles.part(share, shares);
    const gradientAt = share * gradientTiles * tileClasses * (dModel + 1);
    const biasAt = gradientAt + gradientTiles * tileClasses * dModel;
    let next = wanted.firstFrom(from * tileClasses);
    for (let tile = from; tile < to; tile += gradientTiles) {
      const first = tile * tileClasses;
      let classes = 0;
      for (let t = tile; t < Math.min(tile + gradientTiles, to); t++) {
        next = this.#tileGradient(t, share, size, next, gradientAt + classes * dModel, biasAt + classes);
        classes += this.#tiles.classesOf(t);
      }
      sink.take(weight, first * dModel, this.#gradient, gradientAt, classes * dModel);
      sink.take(bias, first, this.#gradient, biasAt, classes);
    }
  }

  /** One tile's gradients; `next`: the first wanted entry that may be in it. Returns the first one behind it. */
  #tileGradient(
    tile: number,
    share: number,
    size: number,
    next: number,
    gradientAt: number,
    biasAt: number,
  ): number {
    const { lanes, shape } = this.#layout;
    const { dModel } = shape;
    const k = this.#kernels;
    const first = tile * tileClasses;
    const classes = this.#tiles.classesOf(tile);
    const pAt = first * lanes;
    const factorAt = share * lanes;
    const { p, hiddenRows, tileMaximum, maximum, weightOfLane, weightOfTarget, wanted } = this.#found;
    const factor = this.#factor;
    k.scaledExp(factor, factorAt, tileMaximum, tile * lanes, maximum, 0, weightOfLane, 0, lanes);
    k.scaleColumns(p, pAt, lanes, factor, factorAt, classes, lanes);
    const afterTile = wanted.firstFrom(first + classes, next);
    for (let i = next; i < afterTile; i++) {
      const lane = wanted.order[i];
      if (lane < size) p[wanted.classes[lane] * lanes + lane] -= weightOfTarget[lane];
    }
    k.matmul(
      this.#gradient,
      gradientAt,
      dModel,
      p,
      pAt,
      lanes,
      1,
      hiddenRows,
      0,
      dModel,
      classes,
      dModel,
      lanes,
      false,
    );
    k.rowSums(this.#gradient, biasAt, p, pAt, lanes, classes, lanes, false);
    return afterTile;
  }
}
