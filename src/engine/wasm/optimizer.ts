/** The optimizer kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { OptimizerKernels } from '../kernels/optimizer.ts';
import type { AdamStep, Numbers } from '../kernels/types.ts';
import type { KernelExports } from './exports.ts';

export function wasmOptimizerKernels(wasm: KernelExports): OptimizerKernels {
  return {
    adam(
      w: Numbers,
      wAt: number,
      m: Numbers,
      mAt: number,
      v: Numbers,
      vAt: number,
      gradient: Numbers,
      gradientAt: number,
      length: number,
      decay: number,
      s: AdamStep,
    ): void {
      wasm.adam(
        w.byteOffset + wAt * 4,
        m.byteOffset + mAt * 4,
        v.byteOffset + vAt * 4,
        gradient.byteOffset + gradientAt * 4,
        length,
        decay,
        s.beta1,
        1 - s.beta1,
        s.beta2,
        1 - s.beta2,
        s.stepSize,
        s.secondCorrection,
        s.epsilon,
      );
    },

    adamZeroGradient(
      w: Numbers,
      wAt: number,
      m: Numbers,
      mAt: number,
      v: Numbers,
      vAt: number,
      length: number,
      decay: number,
      s: AdamStep,
    ): void {
      wasm.adamZeroGradient(
        w.byteOffset + wAt * 4,
        m.byteOffset + mAt * 4,
        v.byteOffset + vAt * 4,
        length,
        decay,
        s.beta1,
        1 - s.beta1,
        s.beta2,
        1 - s.beta2,
        s.stepSize,
        s.secondCorrection,
        s.epsilon,
      );
    },

    sgd(
      w: Numbers,
      wAt: number,
      gradient: Numbers,
      gradientAt: number,
      length: number,
      decay: number,
      rate: number,
    ): void {
      wasm.sgd(w.byteOffset + wAt * 4, gradient.byteOffset + gradientAt * 4, length, decay, rate);
    },

    sumSquares(x: Numbers, xAt: number, length: number): number {
      return wasm.sumSquares(x.byteOffset + xAt * 4, length);
    },
  };
}
