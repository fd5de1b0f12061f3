/** The rows kernels: embedding tables read and written by row. Conventions stand in `../kernels.ts`. */
import type { Numbers } from './types.ts';

export interface RowKernels {
  /** out[f, lane] := table[indices[lane], f] */
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
  ): void;

  /** table[indices[lane], f] += x[f, lane], lane after lane. */
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
  ): void;
}
