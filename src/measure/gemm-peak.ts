/** The matrix product that bounds everything else: what the machine does in strict arithmetic on data in the cache. */
import type { Kernels } from '../engine/kernels.ts';

/** Highest GFLOP/s of one thread at a 64 x 32 x 64 product among many tries. */
export function gemmPeak(kernels: Kernels): number {
  const [a, b, c] = [kernels.allocate(64 * 64), kernels.allocate(64 * 32), kernels.allocate(64 * 32)];
  let best = Infinity;
  for (let tries = 0; tries < 60; tries++) {
    const start = performance.now();
    for (let i = 0; i < 200; i++) kernels.matmul(c, 0, 32, a, 0, 64, 1, b, 0, 32, 64, 32, 64, false);
    best = Math.min(best, performance.now() - start);
  }
  return (200 * 2 * 64 * 32 * 64) / best / 1e6;
}
