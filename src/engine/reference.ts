/**
 * The specification of every kernel: the formulas of `kernels.ts` as loops, computed in float64 and stored in the
 * chosen precision. Slow, and meant to be read. What the fast kernels may do differently is order of summation and
 * rounding, never meaning.
 */
import type { Kernels } from './kernels.ts';
import { plainTask } from './threads/plain-task.ts';
import { referenceAttentionKernels } from './reference/attention.ts';
import { referenceGeluKernels } from './reference/gelu.ts';
import { referenceMatrixKernels } from './reference/matrix.ts';
import { referenceNormKernels } from './reference/norm.ts';
import { referenceOptimizerKernels } from './reference/optimizer.ts';
import { referenceRowKernels } from './reference/rows.ts';
import { referenceSoftmaxKernels } from './reference/softmax.ts';

/** The reference kernels in float64 (for gradient checks) or float32 (to compare with the fast ones). */
export function createReferenceKernels(precision: 'float32' | 'float64' = 'float64'): Kernels {
  return {
    name: `reference ${precision}`,
    precision,
    allocate: (length) => (precision === 'float64' ? new Float64Array(length) : new Float32Array(length)),
    allocateIndices: (length) => new Int32Array(length),
    allocateDoubles: (length) => new Float64Array(length),
    task: plainTask,
    ...referenceMatrixKernels,
    ...referenceNormKernels,
    ...referenceAttentionKernels,
    ...referenceGeluKernels,
    ...referenceRowKernels,
    ...referenceSoftmaxKernels,
    ...referenceOptimizerKernels,
  };
}
