/** The matrix kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { MatrixKernels } from '../kernels/matrix.ts';
import type { KernelExports } from './exports.ts';

export function wasmMatrixKernels(wasm: KernelExports): MatrixKernels {
  return {
    matmul(c, cAt, cStride, a, aAt, aRow, aColumn, b, bAt, bStride, rows, columns, inner, accumulate) {
      wasm.matmul(
        c.byteOffset + cAt * 4,
        cStride * 4,
        a.byteOffset + aAt * 4,
        aRow * 4,
        aColumn * 4,
        b.byteOffset + bAt * 4,
        bStride * 4,
        rows,
        columns,
        inner,
        accumulate ? 1 : 0,
      );
    },

    transpose(out, outAt, outStride, x, xAt, xStride, rows, columns) {
      wasm.transpose(
        out.byteOffset + outAt * 4,
        outStride * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        rows,
        columns,
      );
    },

    fillRows(x, xAt, xStride, bias, biasAt, rows, columns) {
      wasm.fillRows(x.byteOffset + xAt * 4, xStride * 4, bias.byteOffset + biasAt * 4, rows, columns);
    },

    addRows(x, xAt, xStride, bias, biasAt, rows, columns) {
      wasm.addRows(x.byteOffset + xAt * 4, xStride * 4, bias.byteOffset + biasAt * 4, rows, columns);
    },

    rowSums(out, outAt, x, xAt, xStride, rows, columns, accumulate) {
      wasm.rowSums(
        out.byteOffset + outAt * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        rows,
        columns,
        accumulate ? 1 : 0,
      );
    },

    scaleColumns(x, xAt, xStride, factor, factorAt, rows, columns) {
      wasm.scaleColumns(x.byteOffset + xAt * 4, xStride * 4, factor.byteOffset + factorAt * 4, rows, columns);
    },

    addScaledColumns(out, outAt, outStride, x, xAt, xStride, factor, factorAt, rows, columns, accumulate) {
      wasm.addScaledColumns(
        out.byteOffset + outAt * 4,
        outStride * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        factor.byteOffset + factorAt * 4,
        rows,
        columns,
        accumulate ? 1 : 0,
      );
    },

    addMatrix(out, outAt, outStride, x, xAt, xStride, rows, columns, accumulate) {
      wasm.addMatrix(
        out.byteOffset + outAt * 4,
        outStride * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        rows,
        columns,
        accumulate ? 1 : 0,
      );
    },
  };
}
