/** What the softmax kernels compute, as plain loops. */
import type { SoftmaxKernels } from '../kernels/softmax.ts';
import { clampedExp } from './clamped-exp.ts';

export const referenceSoftmaxKernels: SoftmaxKernels = {
  softmaxTile(x, xAt, classes, lanes, max, maxAt, sum, sumAt, rescale, rescaleAt) {
    let raised = false;
    for (let lane = 0; lane < lanes; lane++) {
      const before = max[maxAt + lane];
      let highest = before;
      for (let c = 0; c < classes; c++) highest = Math.max(highest, x[xAt + c * lanes + lane]);
      const factor = clampedExp(before - highest);
      let total = 0;
      for (let c = 0; c < classes; c++) {
        const p = clampedExp(x[xAt + c * lanes + lane] - highest);
        x[xAt + c * lanes + lane] = p;
        total += p;
      }
      raised ||= highest !== before;
      max[maxAt + lane] = highest;
      sum[sumAt + lane] = total;
      rescale[rescaleAt + lane] = factor;
    }
    return raised;
  },

  scaledExp(out, outAt, x, xAt, shift, shiftAt, factor, factorAt, length) {
    for (let i = 0; i < length; i++)
      out[outAt + i] = clampedExp(x[xAt + i] - shift[shiftAt + i]) * factor[factorAt + i];
  },

  argmaxTile(bestValue, bestValueAt, bestIndex, bestIndexAt, x, xAt, classes, lanes, base) {
    for (let lane = 0; lane < lanes; lane++) {
      for (let c = 0; c < classes; c++) {
        const value = x[xAt + c * lanes + lane];
        if (value > bestValue[bestValueAt + lane]) {
          bestValue[bestValueAt + lane] = value;
          bestIndex[bestIndexAt + lane] = base + c;
        }
      }
    }
  },
};
