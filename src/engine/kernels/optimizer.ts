/** The optimizer kernels: steps over flat arrays and sums of squares. Conventions stand in `../kernels.ts`. */
import type { AdamStep, Numbers } from './types.ts';

export interface OptimizerKernels {
  /**
   * One Adam step with gradient + decay * w, any length. Moments below 2^-100 become 0.
   * @returns 0, or NaN where a weight or a moment is not finite after it
   */
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
    step: AdamStep,
  ): number;

  /** The same where the gradient is 0. */
  adamZeroGradient(
    w: Numbers,
    wAt: number,
    m: Numbers,
    mAt: number,
    v: Numbers,
    vAt: number,
    length: number,
    decay: number,
    step: AdamStep,
  ): number;

  /** w -= rate * (gradient + decay * w), any length. @returns 0, or NaN where a weight is not finite after it */
  sgd(
    w: Numbers,
    wAt: number,
    gradient: Numbers,
    gradientAt: number,
    length: number,
    decay: number,
    rate: number,
  ): number;

  /** 0, or NaN where one of the numbers is not finite; any length. */
  unsoundness(x: Numbers, xAt: number, length: number): number;

  /** Sum of squares in double precision, any length. */
  sumSquares(x: Numbers, xAt: number, length: number): number;
}
