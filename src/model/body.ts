/**
 * All of a model below its unembedding: embeddings, blocks and the final norm, forward and backward. A `Transformer` is
 * one; another one over the same input gives a second pass (`src/intervene/`).
 */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import { createBackwardScratch } from './backward-scratch.ts';
import { Block } from './block.ts';
import type { ModelShape } from './config.ts';
import { Embedding } from './embedding.ts';
import type { ModelInput } from './embedding.ts';
import type { NamedGradient } from './gradients.ts';
import type { Layout } from './layout.ts';
import { NormLayer } from './norm-layer.ts';
import type { ParameterSet } from './parameter-set.ts';
import { type Tap, type Taps, tapsUnder } from './taps.ts';

export interface BodyOptions {
  readonly layout: Layout;
  readonly parameters: ParameterSet;
  /** Allocates what gradients need. */
  readonly training: boolean;
  /** The input of another body of the same layout, to share. */
  readonly input?: ModelInput | undefined;
}

export class Body {
  readonly shape: ModelShape;
  readonly kernels: Kernels;
  readonly layout: Layout;
  readonly parameters: ParameterSet;
  /** Read by the forward pass; the caller fills it. */
  readonly input: ModelInput;
  readonly embedding: Embedding;
  readonly blocks: readonly Block[];
  readonly norm: NormLayer | undefined;
  /** Gradient of the residual stream `[dModel, width]`: after a backward pass, of what enters block 0. */
  protected readonly dResidual: Numbers;
  /** Gradient of the final hidden state `[dModel, width]`, at the query's columns; zero elsewhere. */
  protected readonly dHidden: Numbers;
  #normTap: Tap | undefined;

  constructor(kernels: Kernels, { layout, parameters, training, input }: BodyOptions) {
    const { shape } = layout;
    this.shape = shape;
    this.kernels = kernels;
    this.layout = layout;
    this.parameters = parameters;
    const gradientSize = training ? shape.dModel * layout.width : 0;
    this.dHidden = kernels.allocate(gradientSize);
    this.dResidual = kernels.allocate(gradientSize);
    const dResidual = training ? this.dResidual : undefined;
    this.embedding = new Embedding(kernels, layout, parameters, dResidual, input);
    this.input = this.embedding.input;
    const backward = dResidual && { dResidual, scratch: createBackwardScratch(kernels, layout) };
    const blocks: Block[] = [];
    for (let l = 0; l < shape.depth; l++) {
      const x = l === 0 ? this.embedding.sum : blocks[l - 1].residual;
      blocks.push(new Block(kernels, layout, parameters, l, { x, backward }));
    }
    this.blocks = blocks;
    if (shape.norm) this.norm = new NormLayer(kernels, layout, parameters, 'norm', training);
  }

  /** From now on these see every pass; undefined for none. The logits' is the unembedding's own (`LogitsTap`). */
  setTaps(taps: Taps | undefined): void {
    this.embedding.taps = tapsUnder(taps, '');
    for (const [l, block] of this.blocks.entries()) block.setTaps(tapsUnder(taps, `blocks.${l}.`));
    this.#normTap = taps?.get('norm');
  }

  /** The residual stream that enters a block; `depth` gives what leaves the last one. */
  residualInto(block: number): Numbers {
    return block === 0 ? this.embedding.sum : this.blocks[block - 1].residual;
  }

  /** Runs embeddings, blocks and norm on the input. @returns the final hidden state `[dModel, width]` */
  forwardBody(): Numbers {
    this.forwardBlocks(this.shape.depth);
    const from = this.layout.queryOnly ? this.layout.queryColumn : 0;
    const last = this.residualInto(this.shape.depth);
    const hidden = this.norm?.forward(last, from, this.layout.width - from) ?? last;
    this.#normTap?.forward(hidden, 0);
    return hidden;
  }

  /** Runs the embeddings and the first so many blocks. */
  forwardBlocks(count: number): void {
    this.embedding.forward();
    for (let l = 0; l < count; l++) this.blocks[l].forward();
  }

  /**
   * From `dHidden`, the gradient of the final hidden state, to the gradients of all weights, kept until they are given or
   * added.
   * @param downTo the first block whose weights, or those below it, anybody wants the gradient of
   */
  protected backwardFromHidden(downTo = 0): void {
    const { width, queryColumn, lanes } = this.layout;
    const { depth, dModel } = this.shape;
    const { dHidden, dResidual } = this;
    this.#normTap?.backward(dHidden, 0);
    dResidual.fill(0);
    if (this.norm)
      this.norm.backward(dResidual, dHidden, this.residualInto(depth), queryColumn, lanes, false);
    else
      this.kernels.addMatrix(
        dResidual,
        queryColumn,
        width,
        dHidden,
        queryColumn,
        width,
        dModel,
        lanes,
        false,
      );
    for (let l = depth - 1; l >= downTo; l--) this.blocks[l].backward();
    if (downTo === 0) this.embedding.backward();
  }

  /** The same where nothing but taps gives the pass a gradient. */
  backwardFromTaps(): void {
    this.dHidden.fill(0);
    this.backwardFromHidden();
  }

  /** What the backward pass leaves, by name, in the order it makes it. */
  protected bodyGradients(): NamedGradient[] {
    return [
      ...(this.norm?.gradients.list ?? []),
      ...this.blocks.toReversed().flatMap((block) => block.namedGradients()),
      { name: 'embedding', gradient: this.dResidual },
      ...this.embedding.namedGradients(),
    ];
  }

  /** Adds the gradients of a pass of `other`, over the same input through the same weights, to those of this one's. */
  addGradients(other: Body): void {
    if (this.norm && other.norm) this.norm.gradients.add(other.norm.gradients);
    for (const [l, block] of this.blocks.entries()) block.addGradients(other.blocks[l]);
    this.embedding.addGradients(other.embedding);
    for (let i = 0; i < this.dResidual.length; i++) this.dResidual[i] += other.dResidual[i];
  }
}
