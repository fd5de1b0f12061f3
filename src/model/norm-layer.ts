/** LayerNorm with its weights, its statistics and its backward pass (affine, epsilon 1e-5). */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import { Gradients } from './gradients.ts';
import type { Layout } from './layout.ts';
import type { ParameterSet } from './parameter-set.ts';

const epsilon = 1e-5;

export class NormLayer {
  /** `[dModel, width]` */
  readonly out: Numbers;
  readonly gradients: Gradients;
  readonly #kernels: Kernels;
  readonly #layout: Layout;
  readonly #name: string;
  readonly #gain: Numbers;
  readonly #bias: Numbers;
  readonly #mean: Numbers;
  readonly #inverseDeviation: Numbers;

  /** @param name `blocks.0.norm1`: its parameters are `<name>.weight` and `<name>.bias`. */
  constructor(kernels: Kernels, layout: Layout, parameters: ParameterSet, name: string, training: boolean) {
    this.#kernels = kernels;
    this.#layout = layout;
    this.#name = name;
    this.#gain = parameters.get(`${name}.weight`).data;
    this.#bias = parameters.get(`${name}.bias`).data;
    this.out = kernels.allocate(layout.shape.dModel * layout.width);
    this.#mean = kernels.allocate(layout.width);
    this.#inverseDeviation = kernels.allocate(layout.width);
    this.gradients = new Gradients(kernels, parameters, [`${name}.weight`, `${name}.bias`], training);
  }

  /** Normalises `columns` columns of x `[dModel, width]` from column `from`; returns `out`. */
  forward(x: Numbers, from: number, columns: number): Numbers {
    const { width, shape } = this.#layout;
    this.#kernels.layerNorm(
      this.out,
      from,
      width,
      x,
      from,
      width,
      this.#gain,
      0,
      this.#bias,
      0,
      this.#mean,
      from,
      this.#inverseDeviation,
      from,
      shape.dModel,
      columns,
      epsilon,
    );
    return this.out;
  }

  /** dx (+)= the gradient of x, given dy of `out`; keeps the gradients of gain and bias. All `[dModel, width]`. */
  backward(dx: Numbers, dy: Numbers, x: Numbers, from: number, columns: number, accumulate: boolean): void {
    const { width, shape } = this.#layout;
    const { dModel } = shape;
    const k = this.#kernels;
    const gainGradient = this.gradients.get(`${this.#name}.weight`);
    k.layerNormGainGradient(
      gainGradient,
      0,
      dy,
      from,
      width,
      x,
      from,
      width,
      this.#mean,
      from,
      this.#inverseDeviation,
      from,
      dModel,
      columns,
    );
    k.rowSums(this.gradients.get(`${this.#name}.bias`), 0, dy, from, width, dModel, columns, false);
    k.layerNormBackward(
      dx,
      from,
      width,
      dy,
      from,
      width,
      x,
      from,
      width,
      this.#gain,
      0,
      this.#mean,
      from,
      this.#inverseDeviation,
      from,
      dModel,
      columns,
      accumulate,
    );
  }
}
