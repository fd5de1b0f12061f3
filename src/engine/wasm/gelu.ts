/** The gelu kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { GeluKernels } from '../kernels/gelu.ts';
import type { Numbers } from '../kernels/types.ts';
import type { KernelExports } from './exports.ts';

export function wasmGeluKernels(wasm: KernelExports): GeluKernels {
  return {
    gelu(out: Numbers, outAt: number, x: Numbers, xAt: number, length: number): void {
      wasm.gelu(out.byteOffset + outAt * 4, x.byteOffset + xAt * 4, length);
    },

    geluBackward(
      dx: Numbers,
      dxAt: number,
      dy: Numbers,
      dyAt: number,
      x: Numbers,
      xAt: number,
      length: number,
    ): void {
      wasm.geluBackward(dx.byteOffset + dxAt * 4, dy.byteOffset + dyAt * 4, x.byteOffset + xAt * 4, length);
    },
  };
}
