/** The softmax kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { SoftmaxKernels } from '../kernels/softmax.ts';
import type { Numbers } from '../kernels/types.ts';
import type { KernelExports } from './exports.ts';

export function wasmSoftmaxKernels(wasm: KernelExports): SoftmaxKernels {
  return {
    softmaxTile(
      x: Numbers,
      xAt: number,
      classes: number,
      lanes: number,
      max: Numbers,
      maxAt: number,
      sum: Numbers,
      sumAt: number,
      rescale: Numbers,
      rescaleAt: number,
    ): boolean {
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

    scaledExp(
      out: Numbers,
      outAt: number,
      x: Numbers,
      xAt: number,
      shift: Numbers,
      shiftAt: number,
      factor: Numbers,
      factorAt: number,
      length: number,
    ): void {
      wasm.scaledExp(
        out.byteOffset + outAt * 4,
        x.byteOffset + xAt * 4,
        shift.byteOffset + shiftAt * 4,
        factor.byteOffset + factorAt * 4,
        length,
      );
    },

    argmaxTile(
      bestValue: Numbers,
      bestValueAt: number,
      bestIndex: Int32Array,
      bestIndexAt: number,
      x: Numbers,
      xAt: number,
      classes: number,
      lanes: number,
      base: number,
    ): void {
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
