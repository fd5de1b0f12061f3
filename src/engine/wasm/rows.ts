/** The rows kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { RowKernels } from '../kernels/rows.ts';
import type { Numbers } from '../kernels/types.ts';
import type { KernelExports } from './exports.ts';

export function wasmRowKernels(wasm: KernelExports): RowKernels {
  return {
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
      wasm.gatherRows(
        out.byteOffset + outAt * 4,
        outStride * 4,
        table.byteOffset + tableAt * 4,
        indices.byteOffset + indicesAt * 4,
        lanes,
        dim,
      );
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
