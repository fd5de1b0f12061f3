/** The gelu kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { GeluKernels } from '../kernels/gelu.ts';
import type { KernelExports } from './exports.ts';

export function wasmGeluKernels(wasm: KernelExports): GeluKernels {
  return {
    gelu(out, outAt, x, xAt, length) {
      wasm.gelu(out.byteOffset + outAt * 4, x.byteOffset + xAt * 4, length);
    },

    geluBackward(dx, dxAt, dy, dyAt, x, xAt, length) {
      wasm.geluBackward(dx.byteOffset + dxAt * 4, dy.byteOffset + dyAt * 4, x.byteOffset + xAt * 4, length);
    },
  };
}
