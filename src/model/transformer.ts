/**
 * The papers' transformer on a batch: forward pass, loss at the query, and gradients into a sink. It knows no data, no
 * optimizer and no file.
 */
import type { Kernels } from '../engine/kernels.ts';
import { Body } from './body.ts';
import type { ModelShape } from './config.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { NamedGradient } from './gradients.ts';
import { createLayout } from './layout.ts';
import { ParameterSet } from './parameter-set.ts';
import { Unembedding } from './unembedding.ts';

export interface TransformerOptions {
  /** Sequences of one batch. */
  readonly batchSize: number;
  /** Allocates what gradients need. Default true. */
  readonly training?: boolean;
  /** Computes the last block and the norm at every place, for captures there. Default false: at the query only. */
  readonly allPlaces?: boolean;
  /** Logits wanted per sequence besides the correct label's. Default 0. */
  readonly extraLogits?: number;
  /** Weights to share with another transformer of the same shape. */
  readonly parameters?: ParameterSet;
}

export class Transformer extends Body {
  readonly batchSize: number;
  readonly unembedding: Unembedding;
  /** Gradients of the last backward pass, by name, in the order it made them; see `hasFiniteGradients` for which. */
  readonly namedGradients: readonly NamedGradient[];

  constructor(shape: ModelShape, kernels: Kernels, options: TransformerOptions) {
    const { batchSize, training = true, allPlaces = false, extraLogits = 0 } = options;
    const layout = createLayout(shape, batchSize, !allPlaces);
    const parameters = options.parameters ?? new ParameterSet(shape, kernels);
    super(kernels, { layout, parameters, training });
    this.batchSize = batchSize;
    this.input.size = batchSize;
    this.unembedding = new Unembedding(kernels, layout, parameters, training, 1 + extraLogits);
    this.namedGradients = this.bodyGradients();
  }

  /**
   * Runs the model up to the softmax over the labels. The caller has filled `input`; in evaluation also the wanted
   * classes of the slots after the first.
   * @param onBody called between the body and the unembedding, for measurement
   */
  forward(onBody?: () => void): void {
    const hidden = this.forwardBody();
    onBody?.();
    this.unembedding.wanted.classes.set(this.input.targets);
    this.unembedding.forward(hidden);
  }

  /**
   * Gradients of the mean loss of the first `size` sequences, after `forward`, up to the embeddings; the unembedding's
   * come with `giveGradients`.
   * @param downTo the first block whose weights, or those below it, anybody wants the gradient of
   */
  backward(size: number, downTo = 0): void {
    this.unembedding.hiddenGradient(this.dHidden, size);
    this.backwardFromHidden(downTo);
  }

  /**
   * Hands every gradient to the sink once, in a fixed order, or one of `shares` disjoint parts of them. The sink may
   * change the weights: all passes are done.
   */
  giveGradients(sink: GradientSink, size: number, share = 0, shares = 1): void {
    if (!sink.isFrozen?.('unembed.weight')) this.unembedding.secondPass(sink, size, share, shares);
    this.embedding.give(sink, share, shares);
    for (const block of this.blocks) block.give(sink, share, shares);
    this.norm?.gradients.give(sink, share, shares);
  }

  /**
   * Whether the gradients of all weights but the label tables' are finite, and that of the residual stream that enters
   * block 0, whose columns are the label table's gradient. The unembedding's gradient is a product of the final hidden
   * state and of probabilities, so with a finite loss this holds exactly when every gradient is finite.
   */
  hasFiniteGradients(): boolean {
    return this.namedGradients.every(
      ({ gradient }) => this.kernels.unsoundness(gradient, 0, gradient.length) === 0,
    );
  }
}
