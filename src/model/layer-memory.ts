/** The arrays that a layer works on besides its own: the same in every pass, so that all threads know them. */
import type { Numbers } from '../engine/kernels.ts';
import type { BackwardScratch } from './backward-scratch.ts';

export interface LayerMemory {
  /** The residual stream that enters, `[dModel, width]`. */
  readonly x: Numbers;
  /** In training only. */
  readonly backward: BackwardMemory | undefined;
}

export interface BackwardMemory {
  /** Gradient of the residual stream `[dModel, width]`: of what leaves a layer before its backward pass, then of what enters. */
  readonly dResidual: Numbers;
  readonly scratch: BackwardScratch;
}
