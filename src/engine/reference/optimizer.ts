/** What the optimizer kernels compute, as plain loops. */
import type { OptimizerKernels } from '../kernels/optimizer.ts';
import type { AdamStep, Numbers } from '../kernels/types.ts';

export const referenceOptimizerKernels: OptimizerKernels = {
  adam(w, wAt, m, mAt, v, vAt, gradient, gradientAt, length, decay, step) {
    let unsound = 0;
    for (let i = 0; i < length; i++)
      unsound += adamOne(w, wAt + i, m, mAt + i, v, vAt + i, gradient[gradientAt + i], decay, step);
    return unsound;
  },

  adamZeroGradient(w, wAt, m, mAt, v, vAt, length, decay, step) {
    let unsound = 0;
    for (let i = 0; i < length; i++) unsound += adamOne(w, wAt + i, m, mAt + i, v, vAt + i, 0, decay, step);
    return unsound;
  },

  sgd(w, wAt, gradient, gradientAt, length, decay, rate) {
    let unsound = 0;
    for (let i = 0; i < length; i++) {
      w[wAt + i] -= rate * (gradient[gradientAt + i] + decay * w[wAt + i]);
      unsound += unsoundnessOf(w[wAt + i]);
    }
    return unsound;
  },

  unsoundness(x, xAt, length) {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += unsoundnessOf(x[xAt + i]);
    return sum;
  },

  sumSquares(x, xAt, length) {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += x[xAt + i] * x[xAt + i];
    return sum;
  },
};

/** Moments below this magnitude become 0 (assembly/optimizer.ts says why). */
const tinyMoment = 2 ** -100;

function adamOne(
  w: Numbers,
  wAt: number,
  m: Numbers,
  mAt: number,
  v: Numbers,
  vAt: number,
  gradient: number,
  decay: number,
  step: AdamStep,
): number {
  const g = gradient + decay * w[wAt];
  const mean = step.beta1 * m[mAt] + (1 - step.beta1) * g;
  const square = step.beta2 * v[vAt] + (1 - step.beta2) * g * g;
  m[mAt] = Math.abs(mean) < tinyMoment ? 0 : mean;
  v[vAt] = Math.abs(square) < tinyMoment ? 0 : square;
  w[wAt] -= (step.stepSize * m[mAt]) / (Math.sqrt(v[vAt]) * step.secondCorrection + step.epsilon);
  return unsoundnessOf(w[wAt]) + unsoundnessOf(m[mAt]) + unsoundnessOf(v[vAt]);
}

/** 0 for a finite number, NaN for any other. */
function unsoundnessOf(x: number): number {
  return x - x;
}
