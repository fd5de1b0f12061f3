/**
 * The softmax over all labels, the greater part of a step (docs/specification.md, "Model" 4; docs/performance.md). Two passes
 * over tiles of classes small enough for the cache: the first makes the probabilities, their normaliser and the
 * gradient of the hidden state, the second the gradient of the weights, handed to the optimizer tile by tile.
 *
 * Tiles belong to a fixed number of shards, each with partial results of its own that are combined in shard order, so
 * that the bits do not depend on how many threads share the shards.
 */
import { log } from '../engine/elementary.ts';
import type { Kernels, Numbers, Task } from '../engine/kernels.ts';
import { BestOutside } from './best-outside.ts';
import type { GradientSink } from './gradient-sink.ts';
import { LabelTiles, shards, tileClasses } from './label-tiles.ts';
import type { Layout } from './layout.ts';
import type { Parameter, ParameterSet } from './parameter-set.ts';
import type { LogitsTap } from './taps.ts';
import { UnembeddingGradients } from './unembedding-gradients.ts';
import { WantedLogits } from './wanted-logits.ts';

/** Stands for the logit of a label that is left out: finite, so that a tile of nothing else makes no NaN. */
const leftOut = -1e30;

export class Unembedding {
  /** Sees the logits of every pass; the first thread then makes the first pass alone. */
  tap: LogitsTap | undefined;
  /** Logits wanted of the next pass; the caller writes `classes` first. */
  readonly wanted: WantedLogits;
  /**
   * Per lane, after `forward`: maximum logit and the sum of exp(logit - maximum), in training over all labels, in
   * evaluation over those outside the context: the few inside are added in double precision (`metrics.ts`), for beside a
   * large one the rest would be lost in single.
   */
  readonly maximum: Numbers;
  readonly sum: Float64Array;
  /** Evaluation only. */
  readonly bestOutside: BestOutside;
  readonly #kernels: Kernels;
  readonly #layout: Layout;
  readonly #weight: Parameter;
  readonly #bias: Parameter;
  readonly #tiles: LabelTiles;
  readonly #training: boolean;
  /** Final hidden state at the query `[dModel, lanes]`, and transposed. */
  readonly #hidden: Numbers;
  readonly #hiddenRows: Numbers;
  /** Training: unnormalised probabilities of all classes `[labels, lanes]`; else each shard's tile. */
  readonly #p: Numbers;
  readonly #shardMaximum: Numbers;
  /** Running sums `[shards, lanes]` in double precision, and each shard's last tile's. */
  readonly #shardSum: Float64Array;
  readonly #tileSum: Numbers;
  readonly #shardRescale: Numbers;
  readonly #shardHidden: Numbers;
  readonly #tileMaximum: Numbers;
  readonly #factor: Numbers;
  readonly #weightOfLane: Numbers;
  /** What the loss gives the correct label's logit, besides its probability: 1 / size, 0 where nothing hangs on it. */
  readonly #weightOfTarget: Float64Array;
  /** Training only. */
  readonly #gradients: UnembeddingGradients | undefined;
  readonly #firstPass: Task;
  /** Made when first asked for: memory is never given back. */
  #logits: Numbers | undefined;

  /** @param slots how many logits per lane are wanted: 1 in training, more in evaluation. */
  constructor(kernels: Kernels, layout: Layout, parameters: ParameterSet, training: boolean, slots: number) {
    const { lanes, shape } = layout;
    const { dModel, labels } = shape;
    this.#kernels = kernels;
    this.#layout = layout;
    this.#training = training;
    this.#weight = parameters.get('unembed.weight');
    this.#bias = parameters.get('unembed.bias');
    this.#tiles = new LabelTiles(labels);
    this.wanted = new WantedLogits(kernels, slots, lanes);
    this.maximum = kernels.allocate(lanes);
    this.bestOutside = new BestOutside(kernels, shards, lanes);
    this.sum = new Float64Array(lanes);
    this.#hidden = kernels.allocate(dModel * lanes);
    this.#hiddenRows = kernels.allocate(lanes * dModel);
    this.#p = kernels.allocate((training ? labels : shards * tileClasses) * lanes);
    this.#shardMaximum = kernels.allocate(shards * lanes);
    this.#shardSum = kernels.allocateDoubles(shards * lanes);
    this.#tileSum = kernels.allocate(shards * lanes);
    this.#shardRescale = kernels.allocate(shards * lanes);
    this.#shardHidden = kernels.allocate(training ? shards * dModel * lanes : 0);
    this.#tileMaximum = kernels.allocate(this.#tiles.count * lanes);
    this.#factor = kernels.allocate(shards * lanes);
    this.#weightOfLane = kernels.allocate(lanes);
    this.#weightOfTarget = kernels.allocateDoubles(training ? lanes : 0);
    if (training) {
      this.#gradients = new UnembeddingGradients(kernels, layout, this.#tiles, {
        weight: this.#weight,
        bias: this.#bias,
        hiddenRows: this.#hiddenRows,
        p: this.#p,
        tileMaximum: this.#tileMaximum,
        maximum: this.maximum,
        weightOfLane: this.#weightOfLane,
        weightOfTarget: this.#weightOfTarget,
        wanted: this.wanted,
      });
    }
    this.#firstPass = kernels.task((share, shares) => {
      for (let shard = share; shard < shards; shard += shares) this.#firstPassOf(shard);
    }, shards);
  }

  /**
   * First pass: from the hidden state `[dModel, width]`, at the query's columns, to `maximum`, `sum` and the wanted
   * logits, whose classes the caller has written.
   */
  forward(hidden: Numbers): void {
    this.#start(hidden);
    if (this.tap) for (let shard = 0; shard < shards; shard++) this.#firstPassOf(shard);
    else this.#firstPass();
    this.#combine();
  }

  #start(hidden: Numbers): void {
    const { lanes, width, queryColumn, shape } = this.#layout;
    const k = this.#kernels;
    k.addMatrix(this.#hidden, 0, lanes, hidden, queryColumn, width, shape.dModel, lanes, false);
    if (this.#training)
      k.transpose(this.#hiddenRows, 0, shape.dModel, this.#hidden, 0, lanes, shape.dModel, lanes);
    this.#shardMaximum.fill(-Infinity);
    this.#shardSum.fill(0);
    this.bestOutside.start();
    this.wanted.sort();
  }

  #firstPassOf(shard: number): void {
    const { lanes, shape } = this.#layout;
    const { dModel } = shape;
    const k = this.#kernels;
    const weight = this.#weight.data;
    const [from, to] = this.#tiles.part(shard, shards);
    const at = shard * lanes;
    const hiddenAt = shard * dModel * lanes;
    let next = this.wanted.firstFrom(from * tileClasses);
    for (let tile = from; tile < to; tile++) {
      const first = tile * tileClasses;
      const classes = this.#tiles.classesOf(tile);
      const pAt = (this.#training ? first : shard * tileClasses) * lanes;
      k.fillRows(this.#p, pAt, lanes, this.#bias.data, first, classes, lanes);
      k.matmul(
        this.#p,
        pAt,
        lanes,
        weight,
        first * dModel,
        dModel,
        1,
        this.#hidden,
        0,
        lanes,
        classes,
        lanes,
        dModel,
        true,
      );
      this.tap?.forward(this.#p, pAt, first, classes);
      const afterTile = this.wanted.firstFrom(first + classes, next);
      this.#readWanted(next, afterTile, first, pAt);
      if (!this.#training) this.#leaveOutContext(shard, next, afterTile, first, classes);
      next = afterTile;
      const raised = k.softmaxTile(
        this.#p,
        pAt,
        classes,
        lanes,
        this.#shardMaximum,
        at,
        this.#tileSum,
        at,
        this.#shardRescale,
        at,
      );
      for (let i = at; i < at + lanes; i++) {
        this.#shardSum[i] = this.#shardSum[i] * this.#shardRescale[i] + this.#tileSum[i];
      }
      if (!this.#training) continue;
      this.tap?.clear(this.#p, pAt, first, classes);
      for (let lane = 0; lane < lanes; lane++)
        this.#tileMaximum[tile * lanes + lane] = this.#shardMaximum[at + lane];
      if (raised && tile > from)
        k.scaleColumns(this.#shardHidden, hiddenAt, lanes, this.#shardRescale, at, dModel, lanes);
      k.matmul(
        this.#shardHidden,
        hiddenAt,
        lanes,
        weight,
        first * dModel,
        1,
        dModel,
        this.#p,
        pAt,
        lanes,
        dModel,
        lanes,
        classes,
        tile > from,
      );
    }
  }

  /** Reads the wanted logits `from .. to` of a tile that begins with class `first`. */
  #readWanted(from: number, to: number, first: number, pAt: number): void {
    const { order, classes, logits, lanes } = this.wanted;
    for (let i = from; i < to; i++) {
      const entry = order[i];
      logits[entry] = this.#p[pAt + (classes[entry] - first) * lanes + (entry % lanes)];
    }
  }

  /** Evaluation: takes the context's labels (wanted entries `from .. to`) out of a tile, and looks for the best rest. */
  #leaveOutContext(shard: number, from: number, to: number, first: number, classes: number): void {
    const { order, classes: wanted, lanes } = this.wanted;
    const pAt = shard * tileClasses * lanes;
    for (let i = from; i < to; i++) {
      const entry = order[i];
      if (entry >= lanes) this.#p[pAt + (wanted[entry] - first) * lanes + (entry % lanes)] = leftOut;
    }
    this.bestOutside.look(shard, this.#p, pAt, classes, first);
  }

  /** Joins what the shards found, in shard order. */
  #combine(): void {
    const { lanes } = this.#layout;
    const k = this.#kernels;
    this.sum.fill(0);
    this.maximum.fill(-Infinity);
    this.#weightOfLane.fill(1);
    for (let shard = 0; shard < shards; shard++) {
      for (let lane = 0; lane < lanes; lane++) {
        // NaN must survive: a comparison would lose it.
        this.maximum[lane] = Math.max(this.maximum[lane], this.#shardMaximum[shard * lanes + lane]);
      }
    }
    for (let shard = 0; shard < shards; shard++) {
      k.scaledExp(
        this.#factor,
        shard * lanes,
        this.#shardMaximum,
        shard * lanes,
        this.maximum,
        0,
        this.#weightOfLane,
        0,
        lanes,
      );
      for (let lane = 0; lane < lanes; lane++)
        this.sum[lane] += this.#shardSum[shard * lanes + lane] * this.#factor[shard * lanes + lane];
    }
    this.bestOutside.join();
  }

  /** Training: mean cross-entropy of the first `size` lanes, in nats. */
  meanLoss(size: number): number {
    let total = 0;
    for (let lane = 0; lane < size; lane++) {
      total += this.maximum[lane] - this.wanted.logits[lane] + log(this.sum[lane]);
    }
    return total / size;
  }

  /** Writes the gradient of the mean loss of `size` lanes to the query's columns of dHidden `[dModel, width]`. */
  hiddenGradient(dHidden: Numbers, size: number): void {
    const { lanes, width, queryColumn, shape } = this.#layout;
    const { dModel } = shape;
    const k = this.#kernels;
    for (let lane = 0; lane < lanes; lane++)
      this.#weightOfLane[lane] = lane < size ? 1 / (this.sum[lane] * size) : 0;
    for (let shard = 0; shard < shards; shard++) {
      const [from, to] = this.#tiles.part(shard, shards);
      if (from === to) continue;
      k.scaledExp(
        this.#factor,
        shard * lanes,
        this.#shardMaximum,
        shard * lanes,
        this.maximum,
        0,
        this.#weightOfLane,
        0,
        lanes,
      );
      k.addScaledColumns(
        dHidden,
        queryColumn,
        width,
        this.#shardHidden,
        shard * dModel * lanes,
        lanes,
        this.#factor,
        shard * lanes,
        dModel,
        lanes,
        from > 0,
      );
    }
    const weight = this.#weight.data;
    for (let lane = 0; lane < size; lane++) {
      const label = this.wanted.classes[lane];
      this.#weightOfTarget[lane] = this.tap?.isClaimed(label, lane) ? 0 : 1 / size;
      if (this.#weightOfTarget[lane] === 0) continue;
      const row = label * dModel;
      for (let f = 0; f < dModel; f++) dHidden[queryColumn + f * width + lane] -= weight[row + f] / size;
    }
  }

  /**
   * Second pass: the gradient of the weights and biases of the mean loss of `size` lanes into the sink, or one of `shares`
   * (at most `updateShares`) disjoint parts of it.
   */
  secondPass(sink: GradientSink, size: number, share: number, shares: number): void {
    this.#gradients?.give(sink, size, share, shares);
  }

  /** All logits of the last hidden state, `[labels, lanes]`, overwritten by the next call: for captures, not for training. */
  allLogits(): Numbers {
    const { lanes, shape } = this.#layout;
    const { dModel, labels } = shape;
    this.#logits ??= this.#kernels.allocate(labels * lanes);
    const out = this.#logits;
    this.#kernels.fillRows(out, 0, lanes, this.#bias.data, 0, labels, lanes);
    this.#kernels.matmul(
      out,
      0,
      lanes,
      this.#weight.data,
      0,
      dModel,
      1,
      this.#hidden,
      0,
      lanes,
      labels,
      lanes,
      dModel,
      true,
    );
    this.tap?.forward(out, 0, 0, labels);
    return out;
  }
}
