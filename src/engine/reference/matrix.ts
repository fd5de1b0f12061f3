/** What the matrix kernels compute, as plain loops. */
import type { MatrixKernels } from '../kernels/matrix.ts';

export const referenceMatrixKernels: MatrixKernels = {
  matmul(c, cAt, cStride, a, aAt, aRow, aColumn, b, bAt, bStride, rows, columns, inner, accumulate) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = accumulate ? c[cAt + i * cStride + j] : 0;
        for (let k = 0; k < inner; k++) sum += a[aAt + i * aRow + k * aColumn] * b[bAt + k * bStride + j];
        c[cAt + i * cStride + j] = sum;
      }
    }
  },

  transpose(out, outAt, outStride, x, xAt, xStride, rows, columns) {
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) out[outAt + c * outStride + r] = x[xAt + r * xStride + c];
  },

  fillRows(x, xAt, xStride, bias, biasAt, rows, columns) {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] = bias[biasAt + r];
  },

  addRows(x, xAt, xStride, bias, biasAt, rows, columns) {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] += bias[biasAt + r];
  },

  rowSums(out, outAt, x, xAt, xStride, rows, columns, accumulate) {
    for (let r = 0; r < rows; r++) {
      let sum = accumulate ? out[outAt + r] : 0;
      for (let j = 0; j < columns; j++) sum += x[xAt + r * xStride + j];
      out[outAt + r] = sum;
    }
  },

  scaleColumns(x, xAt, xStride, factor, factorAt, rows, columns) {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] *= factor[factorAt + j];
  },

  addScaledColumns(out, outAt, outStride, x, xAt, xStride, factor, factorAt, rows, columns, accumulate) {
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < columns; j++) {
        const at = outAt + r * outStride + j;
        out[at] = (accumulate ? out[at] : 0) + x[xAt + r * xStride + j] * factor[factorAt + j];
      }
    }
  },

  addMatrix(out, outAt, outStride, x, xAt, xStride, rows, columns, accumulate) {
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < columns; j++) {
        const at = outAt + r * outStride + j;
        out[at] = (accumulate ? out[at] : 0) + x[xAt + r * xStride + j];
      }
    }
  },
};
