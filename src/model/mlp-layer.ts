/** The MLP of a block with its norm and its residual connection, forward and backward (docs/specification.md, "Model" 3). */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import { Gradients } from './gradients.ts';
import type { NamedGradient } from './gradients.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { BackwardMemory, LayerMemory } from './layer-memory.ts';
import type { Layout } from './layout.ts';
import { NormLayer } from './norm-layer.ts';
import type { ParameterSet } from './parameter-set.ts';
import { Stages } from './stages.ts';
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
  readonly #x: Numbers;
  readonly #backward: BackwardMemory | undefined;
  /** By row of the hidden layer: before the GELU, after it. By row of the output: that, residual. */
  readonly #hiddenStages: Stages;
  readonly #rowStages: Stages;
  /** By row of the hidden layer: from the gradient of what leaves it to those of its weights. By row: the input's. */
  readonly #hiddenGradients: Stages | undefined;
  readonly #inputGradient: Stages | undefined;
  /** The gradient of `out`. */
  #dOut: Numbers | undefined;

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
    { x, backward }: LayerMemory,
  ) {
    const training = backward !== undefined;
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
    this.#x = x;
    this.#backward = backward;
    this.#dOut = backward?.dResidual;
    this.#hiddenStages = new Stages(kernels, mlpRatio * dModel, 4, [
      (row, rows) => this.#widen(row, rows),
      (row, rows) => this.#bend(row, rows),
    ]);
    this.#rowStages = new Stages(kernels, dModel, 4, [
      (row, rows) => this.#narrow(row, rows),
      (row, rows) => this.#addOutput(row, rows),
    ]);
    if (!backward) return;
    this.#hiddenGradients = new Stages(kernels, mlpRatio * dModel, 4, [
      (row, rows) => this.#narrowGradient(row, rows),
      (row, rows) => this.#bendGradient(row, rows),
      (row, rows) => this.#widenGradient(row, rows),
    ]);
    this.#inputGradient = new Stages(kernels, dModel, 4, [(row, rows) => this.#inputGradientRows(row, rows)]);
  }

  #weight(name: string): Numbers {
    return this.#parameters.get(`${this.#prefix}.${name}`).data;
  }

  #gradient(name: string): Numbers {
    return this.#gradients.get(`${this.#prefix}.${name}`);
  }

  /** What the first linear layer reads. */
  get #input(): Numbers {
    return this.norm?.out ?? this.#x;
  }

  get #columns(): number {
    return this.#layout.width - this.#from;
  }

  #widen(row: number, rows: number): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d } = shape;
    const k = this.#kernels;
    const columns = this.#columns;
    const at = row * columns;
    const weight = this.#weight('fc1.weight');
    k.fillRows(this.pre, at, columns, this.#weight('fc1.bias'), row, rows, columns);
    k.matmul(
      this.pre,
      at,
      columns,
      weight,
      row * d,
      d,
      1,
      this.#input,
      this.#from,
      w,
      rows,
      columns,
      d,
      true,
    );
  }

  #bend(row: number, rows: number): void {
    const columns = this.#columns;
    this.#kernels.gelu(this.post, row * columns, this.pre, row * columns, rows * columns);
  }

  #narrow(row: number, rows: number): void {
    const { width: w, shape } = this.#layout;
    const hidden = shape.mlpRatio * shape.dModel;
    const k = this.#kernels;
    const columns = this.#columns;
    const at = row * w + this.#from;
    const weight = this.#weight('fc2.weight');
    k.fillRows(this.out, at, w, this.#weight('fc2.bias'), row, rows, columns);
    k.matmul(
      this.out,
      at,
      w,
      weight,
      row * hidden,
      hidden,
      1,
      this.post,
      0,
      columns,
      rows,
      columns,
      hidden,
      true,
    );
  }

  #addOutput(row: number, rows: number): void {
    const { width: w } = this.#layout;
    const k = this.#kernels;
    const at = row * w + this.#from;
    k.addMatrix(this.residual, at, w, this.#x, at, w, rows, this.#columns, false);
    k.addMatrix(this.residual, at, w, this.out, at, w, rows, this.#columns, true);
  }

  /** Turns the residual stream after the attention, `[dModel, width]`, into `this.residual`. */
  forward(): void {
    const { taps } = this;
    this.norm?.forward(this.#x, this.#from, this.#columns);
    if (!taps) {
      this.#hiddenStages.run();
      this.#rowStages.run();
      return;
    }
    taps.get('norm2')?.forward(this.#input, 0);
    this.#hiddenStages.run((stage) => {
      if (stage === 0) taps.get('mlp.pre')?.forward(this.pre, 0);
      if (stage === 1) taps.get('mlp.post')?.forward(this.post, 0);
    });
    this.#rowStages.run((stage) => {
      if (stage === 0) taps.get('mlp.out')?.forward(this.out, 0);
    });
  }

  #narrowGradient(row: number, rows: number): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d, mlpRatio } = shape;
    const columns = this.#columns;
    const { a: dPre } = this.#backward!.scratch;
    const [weight, dOut] = [this.#weight('fc2.weight'), this.#dOut!];
    this.#kernels.matmul(
      dPre,
      row * columns,
      columns,
      weight,
      row,
      1,
      mlpRatio * d,
      dOut,
      this.#from,
      w,
      rows,
      columns,
      d,
      false,
    );
  }

  #bendGradient(row: number, rows: number): void {
    const columns = this.#columns;
    const { a: dPre } = this.#backward!.scratch;
    const at = row * columns;
    this.#kernels.geluBackward(dPre, at, dPre, at, this.pre, at, rows * columns);
  }

  #widenGradient(row: number, rows: number): void {
    const { dModel: d } = this.#layout.shape;
    const k = this.#kernels;
    const columns = this.#columns;
    const { a: dPre, transposed } = this.#backward!.scratch;
    const at = row * columns;
    const dWeight = this.#gradient('fc1.weight');
    k.rowSums(this.#gradient('fc1.bias'), row, dPre, at, columns, rows, columns, false);
    k.matmul(dWeight, row * d, d, dPre, at, columns, 1, transposed, 0, d, rows, d, columns, false);
  }

  #inputGradientRows(row: number, rows: number): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d, mlpRatio } = shape;
    const columns = this.#columns;
    const { a: dPre, b: dInput } = this.#backward!.scratch;
    const at = row * w + this.#from;
    const weight = this.#weight('fc1.weight');
    this.#kernels.matmul(
      dInput,
      at,
      w,
      weight,
      row,
      1,
      d,
      dPre,
      0,
      columns,
      rows,
      columns,
      mlpRatio * d,
      false,
    );
  }

  /**
   * Turns the gradient of the residual stream that leaves into that of what entered; gradients of the weights wait for
   * `give`.
   */
  backward(): void {
    const { width: w, shape } = this.#layout;
    const { dModel: d, mlpRatio } = shape;
    const hidden = mlpRatio * d;
    const k = this.#kernels;
    const from = this.#from;
    const columns = this.#columns;
    const { dResidual, scratch } = this.#backward!;
    const { transposed, a: dPre, b: dInput } = scratch;
    const { taps } = this;
    const dOut = this.#outGradient(dResidual, dInput);
    this.#dOut = dOut;
    k.rowSums(this.#gradient('fc2.bias'), 0, dOut, from, w, d, columns, false);
    k.transpose(transposed, 0, hidden, this.post, 0, columns, hidden, columns);
    const dFc2 = this.#gradient('fc2.weight');
    k.matmul(dFc2, 0, hidden, dOut, from, w, 1, transposed, 0, hidden, d, hidden, columns, false);
    k.transpose(transposed, 0, d, this.#input, from, w, d, columns);
    this.#hiddenGradients!.run(
      taps &&
        ((stage) => {
          if (stage === 0) taps.get('mlp.post')?.backward(dPre, 0);
          if (stage === 1) taps.get('mlp.pre')?.backward(dPre, 0);
        }),
    );
    this.#dOut = dResidual;
    this.#inputGradient!.run();
    taps?.get('norm2')?.backward(dInput, 0);
    if (this.norm) this.norm.backward(dResidual, dInput, this.#x, from, columns, true);
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
