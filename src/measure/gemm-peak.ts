/** The matrix product that bounds everything else: what the machine does in strict arithmetic on data in the cache. */
import { createWasmKernels } from '../engine/wasm.ts';

/** Highest GFLOP/s of one thread at a 64 x 32 x 64 product among many tries; on an engine of its own, which shares nothing. */
export function gemmPeak(kernelModule: WebAssembly.Module): number {
  const kernels = createWasmKernels(kernelModule);
  const [a, b, c] = [kernels.allocate(64 * 64), kernels.allocate(64 * 32), kernels.allocate(64 * 32)];
  // Pages that nobody wrote are all the same physical one, and the level-1 cache is a sixth slower with those.
  a.fill(0.5);
  b.fill(0.5);
  let best = Infinity;
  // Short tries: on a shared machine few longer ones are undisturbed.
  const calls = 20;
  for (let tries = 0; tries < 600; tries++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) kernels.matmul(c, 0, 32, a, 0, 64, 1, b, 0, 32, 64, 32, 64, false);
    best = Math.min(best, performance.now() - start);
  }
  return (calls * 2 * 64 * 32 * 64) / best / 1e6;
}
