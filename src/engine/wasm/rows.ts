/** The rows kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { RowKernels } from '../kernels/rows.ts';
import type { KernelExports } from './exports.ts';

export function wasmRowKernels(wasm: KernelExports): RowKernels {
  return {
    gatherRows(out, outAt, outStride, table, tableAt, indices, indicesAt, lanes, dim) {
      wasm.gatherRows(
        out.byteOffset + outAt * 4,
        outStride * 4,
        table.byteOffset + tableAt * 4,
        indices.byteOffset + indicesAt * 4,
        lanes,
        dim,
      );
    },

    scatterAddRows(table, tableAt, x, xAt, xStride, indices, indicesAt, lanes, dim) {
      wasm.scatterAddRows(
        table.byteOffset + tableAt * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        indices.byteOffset + indicesAt * 4,
        lanes,
        dim,
      );
    },
  };
}
