/** The matrix kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { MatrixKernels } from '../kernels/matrix.ts';
import type { Numbers } from '../kernels/types.ts';
import type { KernelExports } from './exports.ts';

export function wasmMatrixKernels(wasm: KernelExports): MatrixKernels {
  return {
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
      wasm.transpose(
        out.byteOffset + outAt * 4,
        outStride * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        rows,
        columns,
      );
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
      wasm.fillRows(x.byteOffset + xAt * 4, xStride * 4, bias.byteOffset + biasAt * 4, rows, columns);
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
      wasm.addRows(x.byteOffset + xAt * 4, xStride * 4, bias.byteOffset + biasAt * 4, rows, columns);
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
      wasm.rowSums(
        out.byteOffset + outAt * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        rows,
        columns,
        accumulate ? 1 : 0,
      );
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
      wasm.scaleColumns(x.byteOffset + xAt * 4, xStride * 4, factor.byteOffset + factorAt * 4, rows, columns);
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
