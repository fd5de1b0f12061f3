/** The matrix kernels: products, transposes and row- or column-wise sums. Conventions stand in `../kernels.ts`. */
import type { Numbers } from './types.ts';

export interface MatrixKernels {
  /**
   * C[rows, columns] (+)= A[rows, inner] B[inner, columns], any sizes. A is read at `aAt + r * aRow + k * aColumn`, so
   * it may be transposed. Every output is the sum over `inner` in ascending order, starting from C when accumulating.
   */
  matmul(
    c: Numbers,
    cAt: number,
    cStride: number,
    a: Numbers,
    aAt: number,
    aRow: number,
    aColumn: number,
    b: Numbers,
    bAt: number,
    bStride: number,
    rows: number,
    columns: number,
    inner: number,
    accumulate: boolean,
  ): void;

  /** out[column, row] := x[row, column], any sizes. */
  transpose(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
  ): void;

  /** x[r, :] := bias[r] */
  fillRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void;

  /** x[r, :] += bias[r] */
  addRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void;

  /** out[r] (+)= sum of x[r, :] */
  rowSums(
    out: Numbers,
    outAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void;

  /** x[r, j] *= factor[j] */
  scaleColumns(
    x: Numbers,
    xAt: number,
    xStride: number,
    factor: Numbers,
    factorAt: number,
    rows: number,
    columns: number,
  ): void;

  /** out[r, j] (+)= x[r, j] * factor[j] */
  addScaledColumns(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    factor: Numbers,
    factorAt: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void;

  /** out[r, j] (+)= x[r, j] */
  addMatrix(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void;
}
