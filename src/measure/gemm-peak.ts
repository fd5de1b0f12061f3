/** The matrix product that bounds everything else: what the machine does in strict arithmetic on data in the cache. */
import type { Kernels } from '../engine/kernels.ts';
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

/**
 * Highest GFLOP/s of all threads of an engine at once, at a product so large that sharing it costs next to nothing. On a
 * virtual machine two of its cores may be one of the host's for a while: then this is half of what it should be.
 */
export function threadsGemmPeak(kernels: Kernels): () => number {
  const rows = 2048;
  const [a, b, c] = [kernels.allocate(rows * 64), kernels.allocate(64 * 32), kernels.allocate(rows * 32)];
  a.fill(0.5);
  b.fill(0.5);
  return () => {
    let best = Infinity;
    for (let tries = 0; tries < 100; tries++) {
      const start = performance.now();
      kernels.matmul(c, 0, 32, a, 0, 64, 1, b, 0, 32, rows, 32, 64, false);
      best = Math.min(best, performance.now() - start);
    }
    return (2 * rows * 32 * 64) / best / 1e6;
  };
}

/** Whether so many threads had a core each, by what one reaches and all at once. */
export function hadCoresOfTheirOwn(threads: number, gemmPeakGflops: number, threadsGflops: number): boolean {
  return threadsGflops > 0.75 * threads * gemmPeakGflops;
}
