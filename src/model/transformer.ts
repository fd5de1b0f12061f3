/**
 * The papers' transformer on a batch: forward pass, loss at the query, and gradients into a sink. It knows no data, no
 * optimizer and no file.
 */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import { createBackwardScratch } from './backward-scratch.ts';
import type { BackwardScratch } from './backward-scratch.ts';
import { Block } from './block.ts';
import type { ModelShape } from './config.ts';
import { Embedding } from './embedding.ts';
import type { ModelInput } from './embedding.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { NamedGradient } from './gradients.ts';
import { createLayout } from './layout.ts';
import type { Layout } from './layout.ts';
import { NormLayer } from './norm-layer.ts';
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

export class Transformer {
  readonly shape: ModelShape;
  readonly kernels: Kernels;
  readonly layout: Layout;
  readonly batchSize: number;
  readonly parameters: ParameterSet;
  /** Read by `forward`; the caller fills it. */
  readonly input: ModelInput;
  readonly embedding: Embedding;
  readonly blocks: readonly Block[];
  readonly norm: NormLayer | undefined;
  readonly unembedding: Unembedding;
  /** Gradients of the last backward pass, by name, in the order it made them; see `gradientNorm` for which. */
  readonly namedGradients: readonly NamedGradient[];
  readonly #scratch: BackwardScratch | undefined;
  readonly #dHidden: Numbers;
  readonly #dResidual: Numbers;

  constructor(shape: ModelShape, kernels: Kernels, options: TransformerOptions) {
    const { batchSize, training = true, allPlaces = false, extraLogits = 0 } = options;
    this.shape = shape;
    this.kernels = kernels;
    this.batchSize = batchSize;
    this.layout = createLayout(shape, batchSize, !allPlaces);
    const parameters = options.parameters ?? new ParameterSet(shape, kernels);
    this.parameters = parameters;
    this.embedding = new Embedding(kernels, this.layout, parameters, training);
    this.input = this.embedding.input;
    this.blocks = Array.from(
      { length: shape.depth },
      (_, l) => new Block(kernels, this.layout, parameters, l, training),
    );
    if (shape.norm) this.norm = new NormLayer(kernels, this.layout, parameters, 'norm', training);
    this.unembedding = new Unembedding(kernels, this.layout, parameters, training, 1 + extraLogits);
    const gradientSize = training ? shape.dModel * this.layout.width : 0;
    this.#scratch = training ? createBackwardScratch(kernels, this.layout) : undefined;
    this.#dHidden = kernels.allocate(gradientSize);
    this.#dResidual = kernels.allocate(gradientSize);
    this.namedGradients = [
      ...(this.norm?.gradients.list ?? []),
      ...this.blocks.toReversed().flatMap((block) => block.namedGradients()),
      { name: 'embedding', gradient: this.#dResidual },
      ...this.embedding.namedGradients(),
    ];
  }

  /** The residual stream that enters a block; `depth` gives what leaves the last one. */
  residualInto(block: number): Numbers {
    return block === 0 ? this.embedding.sum : this.blocks[block - 1].residual;
  }

  /**
   * Runs the model up to the softmax over the labels. The caller has filled `input`; in evaluation also the wanted
   * classes of the slots after the first.
   * @param onBody called between the body and the unembedding, for measurement
   */
  forward(onBody?: () => void): void {
    this.embedding.forward();
    for (const [l, block] of this.blocks.entries()) block.forward(this.residualInto(l));
    const from = this.layout.queryOnly ? this.layout.queryColumn : 0;
    const last = this.residualInto(this.shape.depth);
    const hidden = this.norm?.forward(last, from, this.layout.width - from) ?? last;
    onBody?.();
    this.unembedding.wanted.classes.set(this.input.targets);
    this.unembedding.forward(hidden);
  }

  /**
   * Gradients of the mean loss of the first `size` sequences, after `forward`, up to the embeddings; the unembedding's
   * come with `giveGradients`.
   */
  backward(size: number): void {
    const { width, queryColumn, lanes } = this.layout;
    const { depth, dModel } = this.shape;
    const last = this.residualInto(depth);
    this.unembedding.hiddenGradient(this.#dHidden, size);
    this.#dResidual.fill(0);
    if (this.norm) this.norm.backward(this.#dResidual, this.#dHidden, last, queryColumn, lanes, false);
    else
      this.kernels.addMatrix(
        this.#dResidual,
        queryColumn,
        width,
        this.#dHidden,
        queryColumn,
        width,
        dModel,
        lanes,
        false,
      );
    for (let l = depth - 1; l >= 0; l--)
      this.blocks[l].backward(this.#dResidual, this.residualInto(l), this.#scratch!);
    this.embedding.backward(this.#dResidual);
  }

  /**
   * Hands every gradient to the sink once, in a fixed order, or one of `shares` disjoint parts of them. The sink may
   * change the weights: all passes are done.
   */
  giveGradients(sink: GradientSink, size: number, share = 0, shares = 1): void {
    this.unembedding.secondPass(sink, size, share, shares);
    this.embedding.give(sink, share, shares);
    for (const block of this.blocks) block.give(sink, share, shares);
    this.norm?.gradients.give(sink, share, shares);
  }

  /**
   * Root of the sum of squares of the gradients of all weights but the label tables', and of the residual stream that
   * enters block 0, whose columns are the label table's gradient. The unembedding's gradient is a product of the final
   * hidden state and of probabilities, so with a finite loss this is finite exactly when every gradient is.
   */
  gradientNorm(): number {
    let sum = 0;
    for (const { gradient } of this.namedGradients)
      sum += this.kernels.sumSquares(gradient, 0, gradient.length);
    return Math.sqrt(sum);
  }
}
