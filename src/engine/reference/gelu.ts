/** What the gelu kernels compute, as plain loops. */
import type { GeluKernels } from '../kernels/gelu.ts';

export const referenceGeluKernels: GeluKernels = {
  gelu(out, outAt, x, xAt, length) {
    for (let i = 0; i < length; i++) {
      const value = x[xAt + i];
      out[outAt + i] = 0.5 * value * (1 + Math.tanh(geluInner(value)));
    }
  },

  geluBackward(dx, dxAt, dy, dyAt, x, xAt, length) {
    for (let i = 0; i < length; i++) {
      const value = x[xAt + i];
      const t = Math.tanh(geluInner(value));
      const slope =
        0.5 * (1 + t) +
        0.5 * value * (1 - t * t) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * value * value);
      dx[dxAt + i] = dy[dyAt + i] * slope;
    }
  },
};

function geluInner(x: number): number {
  return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
}
