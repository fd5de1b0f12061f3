/** The optimizer kernels: steps over flat arrays and sums of squares. Conventions stand in `../kernels.ts`. */
import type { AdamStep, Numbers } from './types.ts';

export interface OptimizerKernels {
  /** One Adam step with gradient + decay * w, any length. Moments below 2^-100 become 0. */
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
  ): void;

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
  ): void;

  /** w -= rate * (gradient + decay * w), any length. */
  sgd(
    w: Numbers,
    wAt: number,
    gradient: Numbers,
    gradientAt: number,
    length: number,
    decay: number,
    rate: number,
  ): void;

  /** Sum of squares in double precision, any length. */
  sumSquares(x: Numbers, xAt: number, length: number): number;
}
