/** What the matrix kernels compute, as plain loops. */
import type { MatrixKernels } from '../kernels/matrix.ts';
import type { Numbers } from '../kernels/types.ts';

export const referenceMatrixKernels: MatrixKernels = {
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
  ): void {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = accumulate ? c[cAt + i * cStride + j] : 0;
        for (let k = 0; k < inner; k++) sum += a[aAt + i * aRow + k * aColumn] * b[bAt + k * bStride + j];
        c[cAt + i * cStride + j] = sum;
      }
    }
  },

  transpose(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
  ): void {
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) out[outAt + c * outStride + r] = x[xAt + r * xStride + c];
  },

  fillRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] = bias[biasAt + r];
  },

  addRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] += bias[biasAt + r];
  },

  rowSums(
    out: Numbers,
    outAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void {
    for (let r = 0; r < rows; r++) {
      let sum = accumulate ? out[outAt + r] : 0;
      for (let j = 0; j < columns; j++) sum += x[xAt + r * xStride + j];
      out[outAt + r] = sum;
    }
  },

  scaleColumns(
    x: Numbers,
    xAt: number,
    xStride: number,
    factor: Numbers,
    factorAt: number,
    rows: number,
    columns: number,
  ): void {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] *= factor[factorAt + j];
  },

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
  ): void {
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < columns; j++) {
        const at = outAt + r * outStride + j;
        out[at] = (accumulate ? out[at] : 0) + x[xAt + r * xStride + j] * factor[factorAt + j];
      }
    }
  },

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
  ): void {
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < columns; j++) {
        const at = outAt + r * outStride + j;
        out[at] = (accumulate ? out[at] : 0) + x[xAt + r * xStride + j];
      }
    }
  },
};
