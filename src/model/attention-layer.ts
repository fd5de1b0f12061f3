/**
 * Causal multi-head attention with its norm and its residual connection, forward and backward (docs/specification.md, "Model" 3).
 * Queries may be computed from a first token on only (`layout.ts`); keys and values always at every token.
 */
import type { AttentionShape, Kernels, Numbers } from '../engine/kernels.ts';
import type { BackwardMemory, LayerMemory } from './layer-memory.ts';
import { Gradients, type NamedGradient } from './gradients.ts';
import type { GradientSink } from './gradient-sink.ts';
import { attentionShape } from './layout.ts';
import type { Layout } from './layout.ts';
import { NormLayer } from './norm-layer.ts';
import type { ParameterSet } from './parameter-set.ts';
import { Stages } from './stages.ts';
import { rotaryTable } from './positions.ts';
import type { Taps } from './taps.ts';

export class AttentionLayer {
  taps: Taps | undefined;
  readonly shape: AttentionShape;
  readonly norm: NormLayer | undefined;
  /** Queries, keys, values `[3 dModel, width]`, after rotation. */
  readonly qkv: Numbers;
  /** `[heads, tokens - firstQuery, tokens, lanes]`; keys after the query are -Infinity in scores, 0 in the pattern. */
  readonly scores: Numbers;
  readonly pattern: Numbers;
  /** `[dModel, width]` each, valid from the first query's columns on. */
  readonly z: Numbers;
  readonly out: Numbers;
  readonly residual: Numbers;
  readonly #kernels: Kernels;
  readonly #layout: Layout;
  readonly #qkvName: string;
  readonly #projName: string;
  readonly #qkvWeight: Numbers;
  readonly #projWeight: Numbers;
  readonly #rotation: Numbers | undefined;
  readonly #gradients: Gradients;
  readonly #x: Numbers;
  readonly #backward: BackwardMemory | undefined;
  /** By head: projections, scores, pattern, mix. By row: output, residual. */
  readonly #headStages: Stages;
  readonly #rowStages: Stages;
  /** By head: from the gradient of z to those of the projections. By row: the input's. */
  readonly #headGradients: Stages | undefined;
  readonly #inputGradient: Stages | undefined;
  /** The gradient of `out`. */
  #dOut: Numbers | undefined;

  /** @param block `blocks.0`: parameters are `<block>.norm1.*` and `<block>.attention.*`. */
  constructor(
    kernels: Kernels,
    layout: Layout,
    parameters: ParameterSet,
    block: string,
    firstQuery: number,
    { x, backward }: LayerMemory,
  ) {
    const training = backward !== undefined;
    const { dModel, heads, norm, position, positionTime } = layout.shape;
    const { width, tokens, lanes, headDim } = layout;
    this.#kernels = kernels;
    this.#layout = layout;
    this.shape = attentionShape(layout, firstQuery);
    this.#qkvName = `${block}.attention.qkv.weight`;
    this.#projName = `${block}.attention.proj.weight`;
    this.#qkvWeight = parameters.get(this.#qkvName).data;
    this.#projWeight = parameters.get(this.#projName).data;
    this.#gradients = new Gradients(kernels, parameters, [this.#qkvName, this.#projName], training);
    if (norm) this.norm = new NormLayer(kernels, layout, parameters, `${block}.norm1`, training);
    this.qkv = kernels.allocate(3 * dModel * width);
    this.scores = kernels.allocate(heads * (tokens - firstQuery) * tokens * lanes);
    this.scores.fill(-Infinity);
    this.pattern = kernels.allocate(this.scores.length);
    this.z = kernels.allocate(dModel * width);
    this.out = kernels.allocate(dModel * width);
    this.residual = kernels.allocate(dModel * width);
    if (position === 'rope') {
      this.#rotation = kernels.allocate(tokens * headDim);
      this.#rotation.set(rotaryTable(tokens, headDim, positionTime));
    }
    this.#x = x;
    this.#backward = backward;
    this.#dOut = backward?.dResidual;
    this.#headStages = new Stages(kernels, heads, 1, [
      (first, count) => this.#project(first, count),
      (first, count) => this.#score(first, count),
      (first, count) => this.#soften(first, count),
      (first, count) => this.#mix(first, count),
    ]);
    this.#rowStages = new Stages(kernels, dModel, 4, [
      (first, count) => this.#output(first, count),
      (first, count) => this.#addOutput(first, count),
    ]);
    if (!backward) return;
    this.#headGradients = new Stages(kernels, heads, 1, [
      (first, count) => this.#mixedGradient(first, count),
      (first, count) => this.#patternGradient(first, count),
      (first, count) => this.#softenGradient(first, count),
      (first, count) => this.#scoreGradient(first, count),
      (first, count) => this.#projectGradient(first, count),
    ]);
    this.#inputGradient = new Stages(kernels, dModel, 4, [
      (first, count) => this.#inputGradientRows(first, count),
    ]);
  }

  #headShape(count: number): AttentionShape {
    return count === this.shape.heads ? this.shape : { ...this.shape, heads: count };
  }

  #scoresAt(head: number): number {
    const { tokens, firstQuery, lanes } = this.shape;
    return head * (tokens - firstQuery) * tokens * lanes;
  }

  /** Turns queries and keys `[3 dModel, width]` of some heads by their places, or back. */
  #rotate(qkv: Numbers, first: number, count: number, direction: 1 | -1): void {
    if (!this.#rotation) return;
    const { width: w, shape, headDim } = this.#layout;
    const own = this.#headShape(count);
    const at = first * headDim * w;
    this.#kernels.rotate(qkv, at, w, this.#rotation, 0, own, direction);
    this.#kernels.rotate(
      qkv,
      shape.dModel * w + at,
      w,
      this.#rotation,
      0,
      { ...own, firstQuery: 0 },
      direction,
    );
  }

  /** What the projections read. */
  get #input(): Numbers {
    return this.norm?.out ?? this.#x;
  }

  /** First column that is computed for queries, and how many there are. */
  get #queryColumns(): [number, number] {
    const from = this.shape.firstQuery * this.#layout.lanes;
    return [from, this.#layout.width - from];
  }

  #project(first: number, count: number): void {
    const { width: w, headDim, shape } = this.#layout;
    const { dModel: d } = shape;
    const k = this.#kernels;
    const [from, columns] = this.#queryColumns;
    const [row, rows] = [first * headDim, count * headDim];
    const { qkv } = this;
    const [weight, input] = [this.#qkvWeight, this.#input];
    k.matmul(qkv, row * w + from, w, weight, row * d, d, 1, input, from, w, rows, columns, d, false);
    for (const at of [d + row, 2 * d + row])
      k.matmul(qkv, at * w, w, weight, at * d, d, 1, input, 0, w, rows, w, d, false);
    this.#rotate(qkv, first, count, 1);
  }

  #score(first: number, count: number): void {
    const { width: w, headDim, shape } = this.#layout;
    const query = first * headDim * w;
    const key = shape.dModel * w + query;
    const scale = 1 / Math.sqrt(headDim);
    const [at, own] = [this.#scoresAt(first), this.#headShape(count)];
    this.#kernels.attentionScores(this.scores, at, this.qkv, query, this.qkv, key, w, own, scale);
  }

  #soften(first: number, count: number): void {
    const at = this.#scoresAt(first);
    this.#kernels.causalSoftmax(this.pattern, at, this.scores, at, this.#headShape(count));
  }

  #mix(first: number, count: number): void {
    const { width: w, headDim, shape } = this.#layout;
    const to = first * headDim * w;
    const value = 2 * shape.dModel * w + to;
    const at = this.#scoresAt(first);
    this.#kernels.attentionMix(this.z, to, w, this.pattern, at, this.qkv, value, w, this.#headShape(count));
  }

  #output(row: number, rows: number): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d } = shape;
    const [from, columns] = this.#queryColumns;
    const at = row * w + from;
    this.#kernels.matmul(
      this.out,
      at,
      w,
      this.#projWeight,
      row * d,
      d,
      1,
      this.z,
      from,
      w,
      rows,
      columns,
      d,
      false,
    );
  }

  #addOutput(row: number, rows: number): void {
    const { width: w } = this.#layout;
    const k = this.#kernels;
    const [from, columns] = this.#queryColumns;
    const at = row * w + from;
    k.addMatrix(this.residual, at, w, this.#x, at, w, rows, columns, false);
    k.addMatrix(this.residual, at, w, this.out, at, w, rows, columns, true);
  }

  /** Turns the residual stream that enters, `[dModel, width]`, into `this.residual`. */
  forward(): void {
    const { width: w, shape } = this.#layout;
    const { qkv, taps } = this;
    const [keys, values] = [shape.dModel * w, 2 * shape.dModel * w];
    this.norm?.forward(this.#x, 0, w);
    if (!taps) {
      this.#headStages.run();
      this.#rowStages.run();
      return;
    }
    taps.get('norm1')?.forward(this.#input, 0);
    this.#headStages.run((stage) => {
      if (stage === 0) {
        taps.get('attention.q')?.forward(qkv, 0);
        taps.get('attention.k')?.forward(qkv, keys);
        taps.get('attention.v')?.forward(qkv, values);
      }
      if (stage === 1) taps.get('attention.scores')?.forward(this.scores, 0);
      if (stage === 2) taps.get('attention.pattern')?.forward(this.pattern, 0);
      if (stage === 3) taps.get('attention.z')?.forward(this.z, 0);
    });
    this.#rowStages.run((stage) => {
      if (stage === 0) taps.get('attention.out')?.forward(this.out, 0);
    });
    taps.get('residualMid')?.forward(this.residual, 0);
  }

  #mixedGradient(first: number, count: number): void {
    const { width: w, headDim, shape } = this.#layout;
    const { dModel: d } = shape;
    const [from, columns] = this.#queryColumns;
    const [row, rows] = [first * headDim, count * headDim];
    const { a: dz } = this.#backward!.scratch;
    const at = row * w + from;
    this.#kernels.matmul(
      dz,
      at,
      w,
      this.#projWeight,
      row,
      1,
      d,
      this.#dOut!,
      from,
      w,
      rows,
      columns,
      d,
      false,
    );
  }

  #patternGradient(first: number, count: number): void {
    const { width: w, headDim, shape } = this.#layout;
    const k = this.#kernels;
    const { a: dz, dPattern, dQkv } = this.#backward!.scratch;
    const row = first * headDim * w;
    const value = 2 * shape.dModel * w + row;
    const [at, own] = [this.#scoresAt(first), this.#headShape(count)];
    k.attentionPatternGradient(dPattern, at, dz, row, w, this.qkv, value, w, own);
    k.attentionKeyGradient(dQkv, value, w, this.pattern, at, dz, row, w, own, 1);
  }

  #softenGradient(first: number, count: number): void {
    const { dPattern } = this.#backward!.scratch;
    const at = this.#scoresAt(first);
    this.#kernels.causalSoftmaxBackward(dPattern, at, dPattern, at, this.pattern, at, this.#headShape(count));
  }

  #scoreGradient(first: number, count: number): void {
    const { width: w, headDim, shape } = this.#layout;
    const k = this.#kernels;
    const { dPattern, dQkv } = this.#backward!.scratch;
    const scale = 1 / Math.sqrt(headDim);
    const query = first * headDim * w;
    const key = shape.dModel * w + query;
    const [at, own] = [this.#scoresAt(first), this.#headShape(count)];
    k.attentionQueryGradient(dQkv, query, w, dPattern, at, this.qkv, key, w, own, scale);
    k.attentionKeyGradient(dQkv, key, w, dPattern, at, this.qkv, query, w, own, scale);
  }

  #projectGradient(first: number, count: number): void {
    const { width: w, headDim, shape } = this.#layout;
    const { dModel: d } = shape;
    const k = this.#kernels;
    const { dQkv, transposed } = this.#backward!.scratch;
    const [from, columns] = this.#queryColumns;
    const [row, rows] = [first * headDim, count * headDim];
    this.#rotate(dQkv, first, count, -1);
    const dWeight = this.#gradients.get(this.#qkvName);
    k.matmul(
      dWeight,
      row * d,
      d,
      dQkv,
      row * w + from,
      w,
      1,
      transposed,
      from * d,
      d,
      rows,
      d,
      columns,
      false,
    );
    for (const at of [d + row, 2 * d + row])
      k.matmul(dWeight, at * d, d, dQkv, at * w, w, 1, transposed, 0, d, rows, d, w, false);
  }

  #inputGradientRows(row: number, rows: number): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d } = shape;
    const k = this.#kernels;
    const { dQkv, b: dInput } = this.#backward!.scratch;
    const [from, columns] = this.#queryColumns;
    const weight = this.#qkvWeight;
    k.matmul(dInput, row * w, w, weight, d * d + row, 1, d, dQkv, d * w, w, rows, w, 2 * d, false);
    k.matmul(dInput, row * w + from, w, weight, row, 1, d, dQkv, from, w, rows, columns, d, true);
  }

  /**
   * Turns the gradient of the residual stream that leaves (zero before the first query) into that of what entered.
   * Gradients of the weights are kept until `give`.
   */
  backward(): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d } = shape;
    const k = this.#kernels;
    const { dResidual, scratch } = this.#backward!;
    const { transposed, dQkv, dPattern, a: dz, b: dInput } = scratch;
    const { taps } = this;
    const [from, columns] = this.#queryColumns;
    const [keys, values] = [d * w, 2 * d * w];
    taps?.get('residualMid')?.backward(dResidual, 0);
    this.#dOut = this.#outGradient(dResidual, dInput);

    k.transpose(transposed, 0, d, this.z, from, w, d, columns);
    const dProj = this.#gradients.get(this.#projName);
    k.matmul(dProj, 0, d, this.#dOut, from, w, 1, transposed, 0, d, d, d, columns, false);
    k.transpose(transposed, 0, d, this.#input, 0, w, d, w);
    this.#headGradients!.run(
      taps &&
        ((stage) => {
          if (stage === 0) taps.get('attention.z')?.backward(dz, 0);
          // Leaves the pattern as the softmax made it, which the softmax's own gradient is written in.
          if (stage === 1) taps.get('attention.pattern')?.backward(dPattern, 0);
          if (stage === 2) taps.get('attention.scores')?.backward(dPattern, 0);
          if (stage === 3) {
            taps.get('attention.q')?.backward(dQkv, 0);
            taps.get('attention.k')?.backward(dQkv, keys);
            taps.get('attention.v')?.backward(dQkv, values);
          }
        }),
    );
    this.#dOut = dResidual;
    this.#inputGradient!.run();
    taps?.get('norm1')?.backward(dInput, 0);
    if (this.norm) this.norm.backward(dResidual, dInput, this.#x, 0, w, true);
    else k.addMatrix(dResidual, 0, w, dInput, 0, w, d, w, true);
  }

  /** The gradient of `out`: that of the residual stream, but for what a tap makes of it in `space`. */
  #outGradient(dResidual: Numbers, space: Numbers): Numbers {
    const tap = this.taps?.get('attention.out');
    if (!tap) return dResidual;
    space.set(dResidual.subarray(0, this.out.length));
    tap.backward(space, 0);
    return space;
  }

  /** Adds the gradients of another pass through the same weights. */
  addGradients(other: AttentionLayer): void {
    if (other.norm) this.norm?.gradients.add(other.norm.gradients);
    this.#gradients.add(other.#gradients);
  }

  give(sink: GradientSink, share: number, shares: number): void {
    this.norm?.gradients.give(sink, share, shares);
    this.#gradients.give(sink, share, shares);
  }

  /** Its gradients of the last backward pass, by name. */
  namedGradients(): NamedGradient[] {
    return [...(this.norm?.gradients.list ?? []), ...this.#gradients.list];
  }
}
