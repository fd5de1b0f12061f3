/**
 * From exemplars and labels to the residual stream: `W x + b` for exemplar tokens, a row of the label table for label
 * tokens, plus what the place adds (docs/specification.md, "Model" 1 and 2).
 */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import { shareOf } from '../engine/threads/share-of.ts';
import { Gradients } from './gradients.ts';
import type { NamedGradient } from './gradients.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { Layout } from './layout.ts';
import type { ParameterSet } from './parameter-set.ts';
import { sinusoidalPositions } from './positions.ts';
import { Stages } from './stages.ts';
import type { Tap, Taps } from './taps.ts';

/** What a model reads: filled by the caller before every forward pass. */
export interface ModelInput {
  /** Features `[contextPairs + 1, lanes, exampleDim]`; the last place is the query. Padding lanes must be finite. */
  readonly examples: Numbers;
  /** Label rows `[contextPairs, lanes]`. */
  readonly contextLabels: Int32Array;
  /** Correct label of the query `[lanes]`. */
  readonly targets: Int32Array;
  /** How many sequences there are; lanes beyond are padding. */
  size: number;
}

export class Embedding {
  /** Before positions are added, and after: `[dModel, tokens * lanes]`. */
  readonly token: Numbers;
  readonly sum: Numbers;
  /** What is added at each token, `[tokens, dModel]`; undefined for rotary positions. Learned: the table itself. */
  readonly position: Numbers | undefined;
  readonly input: ModelInput;
  taps: Taps | undefined;
  /** Where positions are tapped: what was added for them, `[dModel, width]`. */
  tappedPosition: Numbers | undefined;
  readonly #kernels: Kernels;
  readonly #layout: Layout;
  readonly #parameters: ParameterSet;
  readonly #transposed: Numbers;
  readonly #gradients: Gradients;
  /** Zero but for the rows of the current batch, between `backward` and `give`. */
  readonly #tableGradient: Numbers;
  readonly #dResidual: Numbers | undefined;
  /** By row: exemplars projected, positions added. */
  readonly #rowStages: Stages;
  /** By row: the projection's gradient. */
  readonly #rowGradients: Stages | undefined;

  /**
   * @param dResidual in training, where the gradient of the residual stream stands that enters block 0
   * @param input to share with another model of the same layout
   */
  constructor(
    kernels: Kernels,
    layout: Layout,
    parameters: ParameterSet,
    dResidual: Numbers | undefined,
    input?: ModelInput,
  ) {
    const training = dResidual !== undefined;
    const { dModel, exampleDim, contextPairs, labels, position, positionTime } = layout.shape;
    const places = contextPairs + 1;
    this.#kernels = kernels;
    this.#layout = layout;
    this.#parameters = parameters;
    this.input = input ?? {
      examples: kernels.allocate(places * layout.lanes * exampleDim),
      contextLabels: kernels.allocateIndices(contextPairs * layout.lanes),
      targets: kernels.allocateIndices(layout.lanes),
      size: layout.lanes,
    };
    this.token = kernels.allocate(dModel * layout.width);
    this.sum = position === 'rope' ? this.token : kernels.allocate(dModel * layout.width);
    this.#transposed = kernels.allocate(exampleDim * places * layout.lanes);
    if (position === 'learned') this.position = parameters.get('positionEmbed.weight').data;
    if (position === 'sinusoidal') {
      this.position = kernels.allocate(layout.tokens * dModel);
      this.position.set(sinusoidalPositions(layout.tokens, dModel, positionTime));
    }
    const names = ['exampleEmbed.weight', 'exampleEmbed.bias'];
    if (position === 'learned') names.push('positionEmbed.weight');
    this.#gradients = new Gradients(kernels, parameters, names, training);
    this.#tableGradient = kernels.allocate(training ? labels * dModel : 0);
    this.#dResidual = dResidual;
    this.#rowStages = new Stages(kernels, dModel, 4, [
      (row, rows) => this.#project(row, rows),
      (row, rows) => this.#addPosition(row, rows),
    ]);
    if (!training) return;
    this.#rowGradients = new Stages(kernels, dModel, 4, [(row, rows) => this.#projectGradient(row, rows)]);
  }

  #project(row: number, rows: number): void {
    const { lanes, width, shape } = this.#layout;
    const { exampleDim, contextPairs } = shape;
    const k = this.#kernels;
    const places = contextPairs + 1;
    const weight = this.#parameters.get('exampleEmbed.weight').data;
    const bias = this.#parameters.get('exampleEmbed.bias').data;
    for (let place = 0; place < places; place++) {
      const at = row * width + 2 * place * lanes;
      k.fillRows(this.token, at, width, bias, row, rows, lanes);
      k.matmul(
        this.token,
        at,
        width,
        weight,
        row * exampleDim,
        exampleDim,
        1,
        this.#transposed,
        place * lanes,
        places * lanes,
        rows,
        lanes,
        exampleDim,
        true,
      );
    }
  }

  #addPosition(row: number, rows: number): void {
    if (!this.position || this.taps?.has('embedding.position')) return;
    const { tokens, lanes, width, shape } = this.#layout;
    const k = this.#kernels;
    const at = row * width;
    k.addMatrix(this.sum, at, width, this.token, at, width, rows, width, false);
    for (let t = 0; t < tokens; t++)
      k.addRows(this.sum, at + t * lanes, width, this.position, t * shape.dModel + row, rows, lanes);
  }

  forward(): void {
    const { lanes, width, shape } = this.#layout;
    const { dModel, exampleDim, contextPairs } = shape;
    const k = this.#kernels;
    const places = contextPairs + 1;
    const table = this.#parameters.get('labelEmbed.weight').data;
    k.transpose(
      this.#transposed,
      0,
      places * lanes,
      this.input.examples,
      0,
      exampleDim,
      places * lanes,
      exampleDim,
    );
    for (let pair = 0; pair < contextPairs; pair++) {
      k.gatherRows(
        this.token,
        (2 * pair + 1) * lanes,
        width,
        table,
        0,
        this.input.contextLabels,
        pair * lanes,
        lanes,
        dModel,
      );
    }
    const { taps } = this;
    this.#rowStages.run(
      taps &&
        ((stage) => {
          if (stage === 0) taps.get('embedding.token')?.forward(this.token, 0);
        }),
    );
    const tap = taps?.get('embedding.position');
    if (tap && this.position) this.#addTappedPosition(tap, this.position);
    taps?.get('embedding')?.forward(this.sum, 0);
  }

  /** The same sums to the bit, with the addend laid out for the tap first. */
  #addTappedPosition(tap: Tap, position: Numbers): void {
    const { tokens, lanes, width, shape } = this.#layout;
    const { dModel } = shape;
    this.tappedPosition ??= this.sum.slice();
    const addend = this.tappedPosition;
    for (let f = 0; f < dModel; f++) {
      for (let t = 0; t < tokens; t++) {
        const at = f * width + t * lanes;
        addend.fill(position[t * dModel + f], at, at + lanes);
      }
    }
    tap.forward(addend, 0);
    for (let i = 0; i < addend.length; i++) this.sum[i] = this.token[i] + addend[i];
  }

  /** From the gradient of the sum; results are kept until `give`. */
  backward(): void {
    const dResidual = this.#dResidual!;
    this.taps?.get('embedding')?.backward(dResidual, 0);
    const tap = this.taps?.get('embedding.position');
    if (tap) {
      const dSum = dResidual.slice();
      tap.backward(dResidual, 0);
      this.#positionGradient(dResidual);
      dResidual.set(dSum);
    } else this.#positionGradient(dResidual);
    this.taps?.get('embedding.token')?.backward(dResidual, 0);
    this.#rowGradients!.run();
    this.#scatterLabelGradients(dResidual);
  }

  #positionGradient(dSum: Numbers): void {
    const { tokens, lanes, width, shape } = this.#layout;
    if (shape.position !== 'learned') return;
    const dPosition = this.#gradients.get('positionEmbed.weight');
    for (let t = 0; t < tokens; t++)
      this.#kernels.rowSums(dPosition, t * shape.dModel, dSum, t * lanes, width, shape.dModel, lanes, false);
  }

  #projectGradient(row: number, rows: number): void {
    const { lanes, width, shape } = this.#layout;
    const { exampleDim, contextPairs } = shape;
    const k = this.#kernels;
    const dWeight = this.#gradients.get('exampleEmbed.weight');
    const dBias = this.#gradients.get('exampleEmbed.bias');
    for (let place = 0; place <= contextPairs; place++) {
      const at = row * width + 2 * place * lanes;
      k.matmul(
        dWeight,
        row * exampleDim,
        exampleDim,
        this.#dResidual!,
        at,
        width,
        1,
        this.input.examples,
        place * lanes * exampleDim,
        exampleDim,
        rows,
        exampleDim,
        lanes,
        place > 0,
      );
      k.rowSums(dBias, row, this.#dResidual!, at, width, rows, lanes, place > 0);
    }
  }

  #scatterLabelGradients(dResidual: Numbers): void {
    const { lanes, width, shape } = this.#layout;
    const { dModel, contextPairs } = shape;
    for (let pair = 0; pair < contextPairs; pair++) {
      this.#kernels.scatterAddRows(
        this.#tableGradient,
        0,
        dResidual,
        (2 * pair + 1) * lanes,
        width,
        this.input.contextLabels,
        pair * lanes,
        lanes,
        dModel,
      );
    }
  }

  /** Adds the gradients of another pass over the same input through the same weights, and clears its own. */
  addGradients(other: Embedding): void {
    const { dModel } = this.#layout.shape;
    this.#gradients.add(other.#gradients);
    const table = other.#tableGradient;
    for (const row of new Set(this.input.contextLabels)) {
      for (let at = row * dModel; at < (row + 1) * dModel; at++) this.#tableGradient[at] += table[at];
      table.fill(0, row * dModel, (row + 1) * dModel);
    }
  }

  /**
   * Hands over one of `shares` disjoint parts of the gradients, of the label table as the rows in use and the zero
   * ranges between them.
   */
  give(sink: GradientSink, share: number, shares: number): void {
    const { dModel, labels } = this.#layout.shape;
    const table = this.#parameters.get('labelEmbed.weight');
    this.#gradients.give(sink, share, shares);
    const [first, rows] = shareOf(share, shares, labels, 1);
    const end = first + rows;
    const used = Int32Array.from(this.input.contextLabels).sort();
    let next = first;
    for (const row of used) {
      if (row < next || row >= end) continue;
      if (row > next) sink.takeZero(table, next * dModel, (row - next) * dModel);
      sink.take(table, row * dModel, this.#tableGradient, row * dModel, dModel);
      this.#tableGradient.fill(0, row * dModel, (row + 1) * dModel);
      next = row + 1;
    }
    if (next < end) sink.takeZero(table, next * dModel, (end - next) * dModel);
  }

  /** Its gradients of the last backward pass but for the label table's, by name. */
  namedGradients(): readonly NamedGradient[] {
    return this.#gradients.list;
  }
}
