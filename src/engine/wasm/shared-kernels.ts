/**
 * The compiled kernels with large calls shared among threads: each thread computes rows, columns or heads of its own.
 * Every number is computed by the same instructions in the same order as by one call, so the bits are the same.
 *
 * Pointers and strides are bytes. A share begins at a multiple of 8 columns or elements, of 4 rows of a product: there
 * the kernels' own vectors and tiles begin.
 */
import type { Task } from '../kernels.ts';
import type { Crew } from '../threads/crew.ts';
import { shareOf } from '../threads/share-of.ts';
import type { KernelExports } from './exports.ts';

/** Operations per element of a norm or a GELU, roughly, in multiplications. */
const operationsPerElement = 12;

/** @param crew to which one task per kernel is added */
export function sharedKernels(wasm: KernelExports, crew: Crew): KernelExports {
  return {
    ...wasm,
    ...products(wasm, crew),
    ...rowByRow(wasm, crew),
    ...norms(wasm, crew),
    ...heads(wasm, crew),
  };
}

function products(wasm: KernelExports, crew: Crew): KernelExports {
  const matmul = crew.task((share, shares, v) => {
    const [c, cStride, a, aRow, aColumn, b, bStride, rows, columns, inner, add] = Array.from(v);
    if (rows >= 8 * shares) {
      const [from, count] = shareOf(share, shares, rows, 4);
      if (count === 0) return;
      wasm.matmul(
        c + from * cStride,
        cStride,
        a + from * aRow,
        aRow,
        aColumn,
        b,
        bStride,
        count,
        columns,
        inner,
        add,
      );
    } else {
      const [from, count] = shareOf(share, shares, columns, 16);
      if (count === 0) return;
      const at = 4 * from;
      wasm.matmul(c + at, cStride, a, aRow, aColumn, b + at, bStride, rows, count, inner, add);
    }
  });
  const transpose = crew.task((share, shares, v) => {
    const [out, outStride, x, stride, rows, columns] = Array.from(v);
    const [from, count] = shareOf(share, shares, rows, 16);
    if (count > 0) wasm.transpose(out + 4 * from, outStride, x + from * stride, stride, count, columns);
  });
  return {
    matmul: (c, cStride, a, aRow, aColumn, b, bStride, rows, columns, inner, add) => {
      if (crew.isWorth(rows * columns * inner))
        matmul(c, cStride, a, aRow, aColumn, b, bStride, rows, columns, inner, add);
      else wasm.matmul(c, cStride, a, aRow, aColumn, b, bStride, rows, columns, inner, add);
      return 0;
    },
    transpose: (out, outStride, x, stride, rows, columns) => {
      if (crew.isWorth(rows * columns * operationsPerMovedElement))
        transpose(out, outStride, x, stride, rows, columns);
      else wasm.transpose(out, outStride, x, stride, rows, columns);
      return 0;
    },
  };
}

/** What reads and writes every element once or twice: bound by the caches, so worth more than its operations. */
const operationsPerMovedElement = 3;

/** Plain signatures: these are called for every tile of the labels too, where nothing is shared. */
function rowByRow(wasm: KernelExports, crew: Crew): KernelExports {
  const fillRows = crew.task((share, shares, [x, stride, bias, rows, columns]) => {
    const [from, count] = shareOf(share, shares, rows, 1);
    wasm.fillRows(x + from * stride, stride, bias + 4 * from, count, columns);
  });
  const addRows = crew.task((share, shares, [x, stride, bias, rows, columns]) => {
    const [from, count] = shareOf(share, shares, rows, 1);
    wasm.addRows(x + from * stride, stride, bias + 4 * from, count, columns);
  });
  const rowSums = crew.task((share, shares, [out, x, stride, rows, columns, add]) => {
    const [from, count] = shareOf(share, shares, rows, 1);
    wasm.rowSums(out + 4 * from, x + from * stride, stride, count, columns, add);
  });
  const addMatrix = crew.task((share, shares, [out, outStride, x, stride, rows, columns, add]) => {
    const [from, count] = shareOf(share, shares, rows, 1);
    wasm.addMatrix(out + from * outStride, outStride, x + from * stride, stride, count, columns, add);
  });
  const isWorth = (rows: number, columns: number) => crew.isWorth(rows * columns * operationsPerMovedElement);
  return {
    fillRows: (x, stride, bias, rows, columns) => {
      if (isWorth(rows, columns)) fillRows(x, stride, bias, rows, columns);
      else wasm.fillRows(x, stride, bias, rows, columns);
      return 0;
    },
    addRows: (x, stride, bias, rows, columns) => {
      if (isWorth(rows, columns)) addRows(x, stride, bias, rows, columns);
      else wasm.addRows(x, stride, bias, rows, columns);
      return 0;
    },
    rowSums: (out, x, stride, rows, columns, add) => {
      if (isWorth(rows, columns)) rowSums(out, x, stride, rows, columns, add);
      else wasm.rowSums(out, x, stride, rows, columns, add);
      return 0;
    },
    addMatrix: (out, outStride, x, stride, rows, columns, add) => {
      if (isWorth(rows, columns)) addMatrix(out, outStride, x, stride, rows, columns, add);
      else wasm.addMatrix(out, outStride, x, stride, rows, columns, add);
      return 0;
    },
  };
}

function norms(wasm: KernelExports, crew: Crew): KernelExports {
  /** `v` with the pointers at the given places moved by `bytes`, and a count replaced. */
  const moved = (v: ArrayLike<number>, pointers: readonly number[], bytes: number) => {
    const values = Array.from(v);
    for (const at of pointers) values[at] += bytes;
    return values;
  };
  /** A kernel that goes column by column: `columnsAt` is where their number stands. */
  const byColumns = (name: string, length: number, pointers: readonly number[], columnsAt: number): Task =>
    crew.task((share, shares, v) => {
      const [from, count] = shareOf(share, shares, v[columnsAt], 8);
      if (count === 0) return;
      const values = moved(v, pointers, 4 * from).slice(0, length);
      values[columnsAt] = count;
      wasm[name](...values);
    });
  const forward = byColumns('layerNorm', 11, [0, 2, 6, 7], 9);
  const backward = byColumns('layerNormBackward', 12, [0, 2, 4, 7, 8], 10);
  const gelu = byColumns('gelu', 3, [0, 1], 2);
  const geluBackward = byColumns('geluBackward', 4, [0, 1, 2], 3);
  const gain = crew.task((share, shares, v) => {
    const [dGain, dy, dyStride, x, stride, mean, inverseDeviation, features, columns] = Array.from(v);
    const [from, count] = shareOf(share, shares, features, 1);
    wasm.layerNormGainGradient(
      dGain + 4 * from,
      dy + from * dyStride,
      dyStride,
      x + from * stride,
      stride,
      mean,
      inverseDeviation,
      count,
      columns,
    );
  });
  /** @param elementsOf how much there is to do */
  const choosing =
    (name: string, shared: Task, elementsOf: (...values: number[]) => number) =>
    (...values: number[]): number => {
      if (!crew.isWorth(elementsOf(...values) * operationsPerElement)) return wasm[name](...values);
      shared(...values);
      return 0;
    };
  return {
    layerNorm: choosing('layerNorm', forward, (...v) => v[8] * v[9]),
    layerNormBackward: choosing('layerNormBackward', backward, (...v) => v[9] * v[10]),
    layerNormGainGradient: choosing('layerNormGainGradient', gain, (...v) => v[7] * v[8]),
    gelu: choosing('gelu', gelu, (...v) => v[2]),
    geluBackward: choosing('geluBackward', geluBackward, (...v) => v[3]),
  };
}

/** How a pointer of an attention kernel moves from head to head: activations by a stride, scores by their size. */
type Step = { readonly strideAt: number } | 'scores';

/** The attention kernels: pointers with their steps, and where `heads, headDim?, tokens, firstQuery, lanes` begin. */
const attentionKernels: readonly {
  readonly name: string;
  readonly pointers: Readonly<Record<number, Step>>;
  readonly shapeAt: number;
  /** Whether headDim is among the arguments. */
  readonly headDim: boolean;
  readonly length: number;
}[] = [
  {
    name: 'attentionScores',
    pointers: { 0: 'scores', 1: { strideAt: 3 }, 2: { strideAt: 3 } },
    shapeAt: 4,
    headDim: true,
    length: 10,
  },
  { name: 'causalSoftmax', pointers: { 0: 'scores', 1: 'scores' }, shapeAt: 2, headDim: false, length: 6 },
  {
    name: 'attentionMix',
    pointers: { 0: { strideAt: 1 }, 2: 'scores', 3: { strideAt: 4 } },
    shapeAt: 5,
    headDim: true,
    length: 10,
  },
  {
    name: 'attentionPatternGradient',
    pointers: { 0: 'scores', 1: { strideAt: 2 }, 3: { strideAt: 4 } },
    shapeAt: 5,
    headDim: true,
    length: 10,
  },
  {
    name: 'causalSoftmaxBackward',
    pointers: { 0: 'scores', 1: 'scores', 2: 'scores' },
    shapeAt: 3,
    headDim: false,
    length: 7,
  },
  {
    name: 'attentionQueryGradient',
    pointers: { 0: { strideAt: 1 }, 2: 'scores', 3: { strideAt: 4 } },
    shapeAt: 5,
    headDim: true,
    length: 11,
  },
  {
    name: 'attentionKeyGradient',
    pointers: { 0: { strideAt: 1 }, 2: 'scores', 3: { strideAt: 4 } },
    shapeAt: 5,
    headDim: true,
    length: 11,
  },
];

function heads(wasm: KernelExports, crew: Crew): KernelExports {
  const all: Record<string, (...values: number[]) => number> = {};
  for (const { name, pointers, shapeAt, headDim, length } of attentionKernels) {
    const tokensAt = shapeAt + (headDim ? 2 : 1);
    const scoresOf = (v: ArrayLike<number>) =>
      (v[tokensAt] - v[tokensAt + 1]) * v[tokensAt] * v[tokensAt + 2];
    const moves = Object.entries(pointers);
    const task = crew.task((share, shares, v) => {
      const [from, count] = shareOf(share, shares, v[shapeAt], 1);
      if (count === 0) return;
      const values = Array.from(v).slice(0, length);
      for (const [at, step] of moves) {
        const bytes = step === 'scores' ? 4 * scoresOf(v) : v[shapeAt + 1] * v[step.strideAt];
        values[Number(at)] += from * bytes;
      }
      values[shapeAt] = count;
      wasm[name](...values);
    });
    all[name] = (...values) => {
      const elements = values[shapeAt] * scoresOf(values);
      if (!crew.isWorth(elements * (headDim ? values[shapeAt + 1] : operationsPerElement)))
        return wasm[name](...values);
      task(...values);
      return 0;
    };
  }
  return all;
}
