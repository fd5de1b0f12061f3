/** The softmax kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { SoftmaxKernels } from '../kernels/softmax.ts';
import type { KernelExports } from './exports.ts';

export function wasmSoftmaxKernels(wasm: KernelExports): SoftmaxKernels {
  return {
    softmaxTile(x, xAt, classes, lanes, max, maxAt, sum, sumAt, rescale, rescaleAt) {
      return (
        wasm.softmaxTile(
          x.byteOffset + xAt * 4,
          classes,
          lanes,
          max.byteOffset + maxAt * 4,
          sum.byteOffset + sumAt * 4,
          rescale.byteOffset + rescaleAt * 4,
        ) !== 0
      );
    },

    scaledExp(out, outAt, x, xAt, shift, shiftAt, factor, factorAt, length) {
      wasm.scaledExp(
        out.byteOffset + outAt * 4,
        x.byteOffset + xAt * 4,
        shift.byteOffset + shiftAt * 4,
        factor.byteOffset + factorAt * 4,
        length,
      );
    },

    argmaxTile(bestValue, bestValueAt, bestIndex, bestIndexAt, x, xAt, classes, lanes, base) {
      wasm.argmaxTile(
        bestValue.byteOffset + bestValueAt * 4,
        bestIndex.byteOffset + bestIndexAt * 4,
        x.byteOffset + xAt * 4,
        classes,
        lanes,
        base,
      );
    },
  };
}
