/** What the rows kernels compute, as plain loops. */
import type { RowKernels } from '../kernels/rows.ts';
import type { Numbers } from '../kernels/types.ts';

export const referenceRowKernels: RowKernels = {
  gatherRows(
    out: Numbers,
    outAt: number,
    outStride: number,
    table: Numbers,
    tableAt: number,
    indices: Int32Array,
    indicesAt: number,
    lanes: number,
    dim: number,
  ): void {
    for (let lane = 0; lane < lanes; lane++) {
      for (let f = 0; f < dim; f++)
        out[outAt + f * outStride + lane] = table[tableAt + indices[indicesAt + lane] * dim + f];
    }
  },

  scatterAddRows(
    table: Numbers,
    tableAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    indices: Int32Array,
    indicesAt: number,
    lanes: number,
    dim: number,
  ): void {
    for (let lane = 0; lane < lanes; lane++) {
      for (let f = 0; f < dim; f++)
        table[tableAt + indices[indicesAt + lane] * dim + f] += x[xAt + f * xStride + lane];
    }
  },
};
