/** What the softmax kernels compute, as plain loops. */
import type { SoftmaxKernels } from '../kernels/softmax.ts';
import type { Numbers } from '../kernels/types.ts';
import { clampedExp } from './clamped-exp.ts';

export const referenceSoftmaxKernels: SoftmaxKernels = {
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
    for (let i = 0; i < length; i++)
      out[outAt + i] = clampedExp(x[xAt + i] - shift[shiftAt + i]) * factor[factorAt + i];
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
