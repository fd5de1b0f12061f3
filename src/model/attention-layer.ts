/**
 * Causal multi-head attention with its norm and its residual connection, forward and backward (docs/specification.md, "Model" 3).
 * Queries may be computed from a first token on only (`layout.ts`); keys and values always at every token.
 */
import type { AttentionShape, Kernels, Numbers } from '../engine/kernels.ts';
import type { BackwardScratch } from './backward-scratch.ts';
import { Gradients } from './gradients.ts';
import type { NamedGradient } from './gradients.ts';
import type { GradientSink } from './gradient-sink.ts';
import { attentionShape } from './layout.ts';
import type { Layout } from './layout.ts';
import { NormLayer } from './norm-layer.ts';
import type { ParameterSet } from './parameter-set.ts';
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

  /** @param block `blocks.0`: parameters are `<block>.norm1.*` and `<block>.attention.*`. */
  constructor(
    kernels: Kernels,
    layout: Layout,
    parameters: ParameterSet,
    block: string,
    firstQuery: number,
    training: boolean,
  ) {
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
  }

  /** Turns queries and keys `[3 dModel, width]` by their places, or back. */
  #rotate(qkv: Numbers, direction: 1 | -1): void {
    if (!this.#rotation) return;
    const { width, shape } = this.#layout;
    const everyToken = { ...this.shape, firstQuery: 0 };
    this.#kernels.rotate(qkv, 0, width, this.#rotation, 0, this.shape, direction);
    this.#kernels.rotate(qkv, shape.dModel * width, width, this.#rotation, 0, everyToken, direction);
  }

  /** `x`: the residual stream that enters, `[dModel, width]`; leaves `this.residual`. */
  forward(x: Numbers): void {
    const { width: w, lanes, headDim, shape } = this.#layout;
    const { dModel: d } = shape;
    const k = this.#kernels;
    const from = this.shape.firstQuery * lanes;
    const columns = w - from;
    const input = this.norm?.forward(x, 0, w) ?? x;
    const { qkv, taps } = this;
    const [keys, values] = [d * w, 2 * d * w];
    taps?.get('norm1')?.forward(input, 0);
    k.matmul(qkv, from, w, this.#qkvWeight, 0, d, 1, input, from, w, d, columns, d, false);
    k.matmul(qkv, keys, w, this.#qkvWeight, d * d, d, 1, input, 0, w, 2 * d, w, d, false);
    this.#rotate(qkv, 1);
    taps?.get('attention.q')?.forward(qkv, 0);
    taps?.get('attention.k')?.forward(qkv, keys);
    taps?.get('attention.v')?.forward(qkv, values);
    k.attentionScores(this.scores, 0, qkv, 0, qkv, keys, w, this.shape, 1 / Math.sqrt(headDim));
    taps?.get('attention.scores')?.forward(this.scores, 0);
    k.causalSoftmax(this.pattern, 0, this.scores, 0, this.shape);
    taps?.get('attention.pattern')?.forward(this.pattern, 0);
    k.attentionMix(this.z, 0, w, this.pattern, 0, qkv, values, w, this.shape);
    taps?.get('attention.z')?.forward(this.z, 0);
    k.matmul(this.out, from, w, this.#projWeight, 0, d, 1, this.z, from, w, d, columns, d, false);
    taps?.get('attention.out')?.forward(this.out, 0);
    k.addMatrix(this.residual, from, w, x, from, w, d, columns, false);
    k.addMatrix(this.residual, from, w, this.out, from, w, d, columns, true);
    taps?.get('residualMid')?.forward(this.residual, 0);
  }

  /**
   * Turns `dResidual`, the gradient of what leaves (zero before the first query), into that of `x`, what entered.
   * Gradients of the weights are kept until `give`.
   */
  backward(dResidual: Numbers, x: Numbers, scratch: BackwardScratch): void {
    const { width: w, lanes, headDim, shape } = this.#layout;
    const { dModel: d } = shape;
    const k = this.#kernels;
    const from = this.shape.firstQuery * lanes;
    const columns = w - from;
    const scale = 1 / Math.sqrt(headDim);
    const { qkv, taps } = this;
    const [keys, values] = [d * w, 2 * d * w];
    const { transposed, dQkv, dPattern, a: dz, b: dInput } = scratch;
    taps?.get('residualMid')?.backward(dResidual, 0);
    const dOut = this.#outGradient(dResidual, dInput);

    k.transpose(transposed, 0, d, this.z, from, w, d, columns);
    const dProj = this.#gradients.get(this.#projName);
    k.matmul(dProj, 0, d, dOut, from, w, 1, transposed, 0, d, d, d, columns, false);
    k.matmul(dz, from, w, this.#projWeight, 0, 1, d, dOut, from, w, d, columns, d, false);
    taps?.get('attention.z')?.backward(dz, 0);

    k.attentionPatternGradient(dPattern, 0, dz, 0, w, qkv, values, w, this.shape);
    k.attentionKeyGradient(dQkv, values, w, this.pattern, 0, dz, 0, w, this.shape, 1);
    // Leaves the pattern as the softmax made it, which the softmax's own gradient is written in.
    taps?.get('attention.pattern')?.backward(dPattern, 0);
    k.causalSoftmaxBackward(dPattern, 0, dPattern, 0, this.pattern, 0, this.shape);
    taps?.get('attention.scores')?.backward(dPattern, 0);
    k.attentionQueryGradient(dQkv, 0, w, dPattern, 0, qkv, keys, w, this.shape, scale);
    k.attentionKeyGradient(dQkv, keys, w, dPattern, 0, qkv, 0, w, this.shape, scale);
    taps?.get('attention.q')?.backward(dQkv, 0);
    taps?.get('attention.k')?.backward(dQkv, keys);
    taps?.get('attention.v')?.backward(dQkv, values);
    this.#rotate(dQkv, -1);

    k.transpose(transposed, 0, d, this.norm?.out ?? x, 0, w, d, w);
    const dWeight = this.#gradients.get(this.#qkvName);
    k.matmul(dWeight, 0, d, dQkv, from, w, 1, transposed, from * d, d, d, d, columns, false);
    k.matmul(dWeight, d * d, d, dQkv, keys, w, 1, transposed, 0, d, 2 * d, d, w, false);
    k.matmul(dInput, 0, w, this.#qkvWeight, d * d, 1, d, dQkv, keys, w, d, w, 2 * d, false);
    k.matmul(dInput, from, w, this.#qkvWeight, 0, 1, d, dQkv, from, w, d, columns, d, true);
    taps?.get('norm1')?.backward(dInput, 0);
    if (this.norm) this.norm.backward(dResidual, dInput, x, 0, w, true);
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
