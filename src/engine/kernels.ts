/**
 * The interface between the models and whatever computes: flat arrays and offsets, no shapes hidden, no allocation.
 * `reference.ts` is the specification (slow, obvious, in float64 or float32), `wasm.ts` the fast one; one conformance
 * suite runs over both.
 *
 * Conventions. Every matrix argument is three values `x, xAt, xStride`: the array, the index of its first element and
 * the distance between rows, in elements. Activations are `[features, tokens * lanes]`: the batch is innermost, padded
 * to `lanes`, a multiple of 8, so that nothing but reductions over the batch ever crosses a vector. Unless said
 * otherwise `columns` and `lanes` are multiples of 8 and rows are any number; out and in may not overlap.
 * Arrays must come from the same kernels' `allocate`.
 */
import type { AttentionKernels } from './kernels/attention.ts';
import type { GeluKernels } from './kernels/gelu.ts';
import type { MatrixKernels } from './kernels/matrix.ts';
import type { NormKernels } from './kernels/norm.ts';
import type { OptimizerKernels } from './kernels/optimizer.ts';
import type { RowKernels } from './kernels/rows.ts';
import type { SoftmaxKernels } from './kernels/softmax.ts';
import type { Numbers } from './kernels/types.ts';

export type { AdamStep, AttentionShape, Numbers } from './kernels/types.ts';

/**
 * One of `shares` disjoint parts of some work, which together are all of it.
 * @param values what the task was called with, valid during the call
 */
export type SharedWork = (share: number, shares: number, values: readonly number[] | Float64Array) => void;

/** Does all shares of some work, at most 32 numbers given to each; returns when all are done. */
export interface Task {
  (...values: number[]): void;
  /**
   * The same, and where there are other threads to begin with the shares, something else before this thread takes part:
   * what would have to be done next anyway, and has nothing to do with the work.
   */
  besides(other: () => void, ...values: number[]): void;
}

export interface Kernels
  extends MatrixKernels,
    NormKernels,
    AttentionKernels,
    GeluKernels,
    RowKernels,
    SoftmaxKernels,
    OptimizerKernels {
  /** `wasm`, `reference float32` or `reference float64`; recorded with every run. */
  readonly name: string;
  /** Unit roundoff class of the arithmetic. */
  readonly precision: 'float32' | 'float64';
  /** A zeroed array, aligned to 64 bytes. @throws LabError when memory runs out. */
  allocate(length: number): Numbers;
  /** A zeroed array of row indices. */
  allocateIndices(length: number): Int32Array;
  /** A zeroed array of float64 numbers that all threads of the engine see. */
  allocateDoubles(length: number): Float64Array;
  /**
   * Makes a task of work that the threads of the engine may share. Threads build the same models on the same memory:
   * tasks are made in constructors only, as memory is allocated there, and their work reads nothing but what was
   * allocated or given to the constructor.
   * @param shares at most 255; default: as many as there are threads
   */
  task(work: SharedWork, shares?: number): Task;
}
