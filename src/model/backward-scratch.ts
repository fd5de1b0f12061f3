/** Work space that the layers use one after the other in the backward pass. */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import type { Layout } from './layout.ts';

export interface BackwardScratch {
  /** Transposed activations `[width, max(dModel, mlpWidth)]`. */
  readonly transposed: Numbers;
  /** `[3 dModel, width]` */
  readonly dQkv: Numbers;
  /** `[max(dModel, mlpWidth), width]`, two of them. */
  readonly a: Numbers;
  readonly b: Numbers;
  /** `[heads, tokens, tokens, lanes]` */
  readonly dPattern: Numbers;
}

export function createBackwardScratch(kernels: Kernels, layout: Layout): BackwardScratch {
  const { dModel, heads, mlpRatio } = layout.shape;
  const widest = Math.max(1, mlpRatio) * dModel;
  return {
    transposed: kernels.allocate(layout.width * widest),
    dQkv: kernels.allocate(3 * dModel * layout.width),
    a: kernels.allocate(widest * layout.width),
    b: kernels.allocate(widest * layout.width),
    dPattern: kernels.allocate(heads * layout.tokens * layout.width),
  };
}
