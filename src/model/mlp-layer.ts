/** The MLP of a block with its norm and its residual connection, forward and backward (docs/specification.md, "Model" 3). */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import type { BackwardScratch } from './backward-scratch.ts';
import { Gradients } from './gradients.ts';
import type { NamedGradient } from './gradients.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { Layout } from './layout.ts';
import { NormLayer } from './norm-layer.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { Taps } from './taps.ts';

export class MlpLayer {
  taps: Taps | undefined;
  readonly norm: NormLayer | undefined;
  /** Around the GELU: `[mlpWidth, columns]`, only the computed columns, without gaps. */
  readonly pre: Numbers;
  readonly post: Numbers;
  /** `[dModel, width]` each, valid from the first token's columns on. */
  readonly out: Numbers;
  readonly residual: Numbers;
  readonly #kernels: Kernels;
  readonly #layout: Layout;
  readonly #parameters: ParameterSet;
  readonly #prefix: string;
  readonly #from: number;
  readonly #gradients: Gradients;

  /**
   * @param block `blocks.0`: parameters are `<block>.norm2.*` and `<block>.mlp.*`.
   * @param firstToken the first token that is computed.
   */
  constructor(
    kernels: Kernels,
    layout: Layout,
    parameters: ParameterSet,
    block: string,
    firstToken: number,
    training: boolean,
  ) {
    const { dModel, mlpRatio, norm } = layout.shape;
    this.#kernels = kernels;
    this.#layout = layout;
    this.#parameters = parameters;
    this.#prefix = `${block}.mlp`;
    this.#from = firstToken * layout.lanes;
    const names = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'];
    this.#gradients = new Gradients(
      kernels,
      parameters,
      names.map((name) => `${this.#prefix}.${name}`),
      training,
    );
    if (norm) this.norm = new NormLayer(kernels, layout, parameters, `${block}.norm2`, training);
    const columns = layout.width - this.#from;
    this.pre = kernels.allocate(mlpRatio * dModel * columns);
    this.post = kernels.allocate(mlpRatio * dModel * columns);
    this.out = kernels.allocate(dModel * layout.width);
    this.residual = kernels.allocate(dModel * layout.width);
  }

  #weight(name: string): Numbers {
    return this.#parameters.get(`${this.#prefix}.${name}`).data;
  }

  #gradient(name: string): Numbers {
    return this.#gradients.get(`${this.#prefix}.${name}`);
  }

  /** `x`: the residual stream after the attention, `[dModel, width]`; leaves `this.residual`. */
  forward(x: Numbers): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d, mlpRatio } = shape;
    const hidden = mlpRatio * d;
    const k = this.#kernels;
    const from = this.#from;
    const columns = w - from;
    const input = this.norm?.forward(x, from, columns) ?? x;
    const { taps } = this;
    taps?.get('norm2')?.forward(input, 0);
    k.fillRows(this.pre, 0, columns, this.#weight('fc1.bias'), 0, hidden, columns);
    k.matmul(
      this.pre,
      0,
      columns,
      this.#weight('fc1.weight'),
      0,
      d,
      1,
      input,
      from,
      w,
      hidden,
      columns,
      d,
      true,
    );
    taps?.get('mlp.pre')?.forward(this.pre, 0);
    k.gelu(this.post, 0, this.pre, 0, hidden * columns);
    taps?.get('mlp.post')?.forward(this.post, 0);
    k.fillRows(this.out, from, w, this.#weight('fc2.bias'), 0, d, columns);
    k.matmul(
      this.out,
      from,
      w,
      this.#weight('fc2.weight'),
      0,
      hidden,
      1,
      this.post,
      0,
      columns,
      d,
      columns,
      hidden,
      true,
    );
    taps?.get('mlp.out')?.forward(this.out, 0);
    k.addMatrix(this.residual, from, w, x, from, w, d, columns, false);
    k.addMatrix(this.residual, from, w, this.out, from, w, d, columns, true);
  }

  /** Turns `dResidual`, the gradient of what leaves, into that of `x`; gradients of the weights wait for `give`. */
  backward(dResidual: Numbers, x: Numbers, scratch: BackwardScratch): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d, mlpRatio } = shape;
    const hidden = mlpRatio * d;
    const k = this.#kernels;
    const from = this.#from;
    const columns = w - from;
    const { transposed, a: dPre, b: dInput } = scratch;
    const { taps } = this;
    const dOut = this.#outGradient(dResidual, dInput);
    k.rowSums(this.#gradient('fc2.bias'), 0, dOut, from, w, d, columns, false);
    k.transpose(transposed, 0, hidden, this.post, 0, columns, hidden, columns);
    const dFc2 = this.#gradient('fc2.weight');
    k.matmul(dFc2, 0, hidden, dOut, from, w, 1, transposed, 0, hidden, d, hidden, columns, false);
    k.matmul(
      dPre,
      0,
      columns,
      this.#weight('fc2.weight'),
      0,
      1,
      hidden,
      dOut,
      from,
      w,
      hidden,
      columns,
      d,
      false,
    );
    taps?.get('mlp.post')?.backward(dPre, 0);
    k.geluBackward(dPre, 0, dPre, 0, this.pre, 0, hidden * columns);
    taps?.get('mlp.pre')?.backward(dPre, 0);
    k.rowSums(this.#gradient('fc1.bias'), 0, dPre, 0, columns, hidden, columns, false);
    k.transpose(transposed, 0, d, this.norm?.out ?? x, from, w, d, columns);
    k.matmul(
      this.#gradient('fc1.weight'),
      0,
      d,
      dPre,
      0,
      columns,
      1,
      transposed,
      0,
      d,
      hidden,
      d,
      columns,
      false,
    );
    k.matmul(
      dInput,
      from,
      w,
      this.#weight('fc1.weight'),
      0,
      1,
      d,
      dPre,
      0,
      columns,
      d,
      columns,
      hidden,
      false,
    );
    taps?.get('norm2')?.backward(dInput, 0);
    if (this.norm) this.norm.backward(dResidual, dInput, x, from, columns, true);
    else k.addMatrix(dResidual, from, w, dInput, from, w, d, columns, true);
  }

  /** The gradient of `out`: that of the residual stream, but for what a tap makes of it in `space`. */
  #outGradient(dResidual: Numbers, space: Numbers): Numbers {
    const tap = this.taps?.get('mlp.out');
    if (!tap) return dResidual;
    space.set(dResidual.subarray(0, this.out.length));
    tap.backward(space, 0);
    return space;
  }

  /** Adds the gradients of another pass through the same weights. */
  addGradients(other: MlpLayer): void {
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
