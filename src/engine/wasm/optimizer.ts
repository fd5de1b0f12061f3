/** The optimizer kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { OptimizerKernels } from '../kernels/optimizer.ts';
import type { KernelExports } from './exports.ts';

export function wasmOptimizerKernels(wasm: KernelExports): OptimizerKernels {
  return {
    adam(w, wAt, m, mAt, v, vAt, gradient, gradientAt, length, decay, s) {
      return wasm.adam(
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

    adamZeroGradient(w, wAt, m, mAt, v, vAt, length, decay, s) {
      return wasm.adamZeroGradient(
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

    sgd(w, wAt, gradient, gradientAt, length, decay, rate) {
      return wasm.sgd(w.byteOffset + wAt * 4, gradient.byteOffset + gradientAt * 4, length, decay, rate);
    },

    unsoundness(x, xAt, length) {
      return wasm.unsoundness(x.byteOffset + xAt * 4, length);
    },

    sumSquares(x, xAt, length) {
      return wasm.sumSquares(x.byteOffset + xAt * 4, length);
    },
  };
}
