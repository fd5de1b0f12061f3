/** What the rows kernels compute, as plain loops. */
import type { RowKernels } from '../kernels/rows.ts';

export const referenceRowKernels: RowKernels = {
  gatherRows(out, outAt, outStride, table, tableAt, indices, indicesAt, lanes, dim) {
    for (let lane = 0; lane < lanes; lane++) {
      for (let f = 0; f < dim; f++)
        out[outAt + f * outStride + lane] = table[tableAt + indices[indicesAt + lane] * dim + f];
    }
  },

  scatterAddRows(table, tableAt, x, xAt, xStride, indices, indicesAt, lanes, dim) {
    for (let lane = 0; lane < lanes; lane++) {
      for (let f = 0; f < dim; f++)
        table[tableAt + indices[indicesAt + lane] * dim + f] += x[xAt + f * xStride + lane];
    }
  },
};
