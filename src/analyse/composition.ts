/**
 * Composition between heads, read off the weights: how much of what a head of an earlier block writes is what a head of
 * a later block reads as its query (Q), key (K) or value (V) (Elhage et al. 2021, "A Mathematical Framework for
 * Transformer Circuits"). With W_OV = what the earlier head moves, W_QK and W_OV' the later head's circuits,
 *
 *   K = |W_QK W_OV| / (|W_QK| |W_OV|),  Q = |W_QK^T W_OV| / (...),  V = |W_OV' W_OV| / (|W_OV'| |W_OV|)
 *
 * in Frobenius norms. This is what could pass from head to head; what does is measured by preserving all but one of
 * queries, keys and values (section 4.2).
 *
 * Decisions of ours, for the paper gives no such number. LayerNorm's gain and the subtraction of the mean belong to what
 * reads; its division, which differs from token to token, is left out. Places: added ones are content like any other and
 * stand in no weight that is read here. Rotary ones turn queries against keys, so W_QK depends on their distance: K and
 * Q are then means over the distances from the query to the context's labels.
 */
import type { Numbers } from '../engine/kernels.ts';
import type { ModelShape } from '../model/config.ts';
import type { ParameterSet } from '../model/parameter-set.ts';
import { rotaryTable } from '../model/positions.ts';
import type { Analysis } from './analysis.ts';
import { labelToken } from './correct-pair.ts';
import type { Probe } from './probe.ts';
import { type Matrix, matrixOf, product, sandwichNorm, transposed } from './small-matrix.ts';

export type CompositionKind = 'Q' | 'K' | 'V';

interface HeadPlace {
  readonly block: number;
  readonly head: number;
}

export interface Composition {
  readonly kind: CompositionKind;
  /** The earlier head, that writes. */
  readonly from: HeadPlace;
  /** The later head, that reads. */
  readonly to: HeadPlace;
  /** From 0 to 1. */
  readonly score: number;
}

export interface CompositionTable {
  /** About what directions drawn at random give: one over the root of dModel. */
  readonly baseline: number;
  /** For every pair of heads of an earlier and a later block; empty for one block. */
  readonly scores: readonly Composition[];
}

export const compositionAnalysis: Analysis<CompositionTable> = Object.freeze({
  name: 'composition',
  version: 1,
  settings: null,
  // oxlint-disable-next-line require-yield -- it needs no forward pass, and is done at once
  *measure(probe: Probe): Generator<undefined, CompositionTable, void> {
    return composition(probe.shape, probe.model.parameters);
  },
});

/** The composition of every pair of heads that could compose. */
export function composition(shape: ModelShape, parameters: ParameterSet): CompositionTable {
  const heads = Array.from({ length: shape.depth }, (_, block) =>
    Array.from({ length: shape.heads }, (__, head) => headWeights(shape, parameters, block, head)),
  );
  const turns = keyTurns(shape);
  const scores = heads.flatMap((readers, later) =>
    readers.flatMap((reader, head) =>
      heads.slice(0, later).flatMap((writers, earlier) =>
        writers.flatMap((writer, from) => {
          const places = { from: { block: earlier, head: from }, to: { block: later, head } };
          return scoresOf(reader, writer, turns).map(({ kind, score }) => ({ kind, ...places, score }));
        }),
      ),
    ),
  );
  return { baseline: 1 / Math.sqrt(shape.dModel), scores };
}

/** What a head reads by and what it writes, `[headDim, dModel]` each; `out` is transposed. */
interface HeadWeights {
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  readonly out: Matrix;
}

function headWeights(
  { dModel, heads, norm }: ModelShape,
  parameters: ParameterSet,
  block: number,
  head: number,
): HeadWeights {
  const name = `blocks.${block}`;
  const headDim = dModel / heads;
  const qkv = parameters.get(`${name}.attention.qkv.weight`).data;
  const proj = parameters.get(`${name}.attention.proj.weight`).data;
  const gain = norm ? parameters.get(`${name}.norm1.weight`).data : undefined;
  const reading = (part: number) =>
    afterNorm(
      matrixOf(
        headDim,
        dModel,
        (row, column) => qkv[(part * dModel + head * headDim + row) * dModel + column],
      ),
      gain,
    );
  return {
    query: reading(0),
    key: reading(1),
    value: reading(2),
    out: matrixOf(headDim, dModel, (row, column) => proj[column * dModel + head * headDim + row]),
  };
}

/** Rows as they read the residual stream through a LayerNorm's gain and subtraction of the mean. */
function afterNorm(weight: Matrix, gain: Numbers | undefined): Matrix {
  if (!gain) return weight;
  const { rows, columns, data } = weight;
  const means = Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += data[row * columns + i] * gain[i];
    return sum / columns;
  });
  return matrixOf(rows, columns, (row, column) => data[row * columns + column] * gain[column] - means[row]);
}

/** How rotary positions turn a key against the query, for each label of the context; without them once the identity. */
function keyTurns({ dModel, heads, position, positionTime, contextPairs }: ModelShape): Matrix[] {
  const headDim = dModel / heads;
  if (position !== 'rope') return [matrixOf(headDim, headDim, (row, column) => (row === column ? 1 : 0))];
  const query = 2 * contextPairs;
  const table = rotaryTable(query + 1, headDim, positionTime);
  return Array.from({ length: contextPairs }, (_, pair) => {
    const distance = query - labelToken(pair);
    return matrixOf(headDim, headDim, (row, column) => {
      if (row >> 1 !== column >> 1) return 0;
      const at = (distance * (headDim / 2) + (row >> 1)) * 2;
      if (row === column) return table[at];
      // R(query)^T R(key) turns by their difference, backwards.
      return row < column ? table[at + 1] : -table[at + 1];
    });
  });
}

function scoresOf(
  reader: HeadWeights,
  writer: HeadWeights,
  turns: readonly Matrix[],
): { kind: CompositionKind; score: number }[] {
  const same = matrixOf(turns[0].rows, turns[0].rows, (row, column) => (row === column ? 1 : 0));
  const written = sandwichNorm(writer.out, same, writer.value);
  const ratio = (norm: number, size: number) => (size * written === 0 ? 0 : norm / (size * written));
  /** Norm of left^T turn right W_OV over both norms. */
  const score = (left: Matrix, turn: Matrix, right: Matrix) => {
    const middle = product(turn, product(right, transposed(writer.out)));
    return ratio(sandwichNorm(left, middle, writer.value), sandwichNorm(left, turn, right));
  };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    { kind: 'Q', score: mean(turns.map((turn) => score(reader.key, transposed(turn), reader.query))) },
    { kind: 'K', score: mean(turns.map((turn) => score(reader.query, turn, reader.key))) },
    { kind: 'V', score: score(reader.out, same, reader.value) },
  ];
}
