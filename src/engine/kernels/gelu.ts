/** The gelu kernels: the GELU of the MLP. Conventions stand in `../kernels.ts`. */
import type { Numbers } from './types.ts';

export interface GeluKernels {
  /** out := GELU(x), tanh form; length a multiple of 8. */
  gelu(out: Numbers, outAt: number, x: Numbers, xAt: number, length: number): void;

  /** dx := dy * GELU'(x); dx may be dy; length a multiple of 8. */
  geluBackward(
    dx: Numbers,
    dxAt: number,
    dy: Numbers,
    dyAt: number,
    x: Numbers,
    xAt: number,
    length: number,
  ): void;
}
