/** One pre-norm transformer block: attention, then the MLP where the model has one. */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import { AttentionLayer } from './attention-layer.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { NamedGradient } from './gradients.ts';
import type { BackwardMemory, LayerMemory } from './layer-memory.ts';
import { firstToken } from './layout.ts';
import type { Layout } from './layout.ts';
import { MlpLayer } from './mlp-layer.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { Taps } from './taps.ts';

export class Block {
  readonly attention: AttentionLayer;
  readonly mlp: MlpLayer | undefined;
  readonly #backward: BackwardMemory | undefined;
  #taps: Taps | undefined;

  constructor(
    kernels: Kernels,
    layout: Layout,
    parameters: ParameterSet,
    index: number,
    memory: LayerMemory,
  ) {
    const name = `blocks.${index}`;
    const first = firstToken(layout, index);
    this.attention = new AttentionLayer(kernels, layout, parameters, name, first, memory);
    if (layout.shape.mlpRatio > 0) {
      const { residual } = this.attention;
      this.mlp = new MlpLayer(kernels, layout, parameters, name, first, { ...memory, x: residual });
    }
    this.#backward = memory.backward;
  }

  /** The residual stream that leaves, `[dModel, width]`. */
  get residual(): Numbers {
    return (this.mlp ?? this.attention).residual;
  }

  /** @param taps by what follows `blocks.<l>.` */
  setTaps(taps: Taps | undefined): void {
    this.#taps = taps;
    this.attention.taps = taps;
    if (this.mlp) this.mlp.taps = taps;
  }

  forward(): void {
    this.attention.forward();
    this.mlp?.forward();
    this.#taps?.get('residual')?.forward(this.residual, 0);
  }

  /** Turns the gradient of the residual stream that leaves into that of what entered. */
  backward(): void {
    this.#taps?.get('residual')?.backward(this.#backward!.dResidual, 0);
    this.mlp?.backward();
    this.attention.backward();
  }

  /** Adds the gradients of another pass through the same weights. */
  addGradients(other: Block): void {
    this.attention.addGradients(other.attention);
    if (other.mlp) this.mlp?.addGradients(other.mlp);
  }

  give(sink: GradientSink, share: number, shares: number): void {
    this.attention.give(sink, share, shares);
    this.mlp?.give(sink, share, shares);
  }

  /** Its gradients of the last backward pass, by name. */
  namedGradients(): NamedGradient[] {
    return [...this.attention.namedGradients(), ...(this.mlp?.namedGradients() ?? [])];
  }
}
