/**
 * One engine in several threads: each instantiates the same kernels on the same memory and builds the same models there,
 * so that all have the same arrays and know the same tasks.
 */
import { createWasmKernels, type WasmKernels } from '../wasm.ts';
import type { Crew } from './crew.ts';

/** What a thread joins; goes to it as a message. */
export interface SharedEngine {
  readonly kernelModule: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** What the first thread has come to: every thread must come to the same. */
  readonly usedBytes: number;
  readonly tasks: number;
}

/** @param kernels on which all models are built */
export function shareEngine(kernels: WasmKernels, kernelModule: WebAssembly.Module): SharedEngine {
  const { memory, crew } = kernels;
  return { kernelModule, memory, usedBytes: kernels.usedBytes(), tasks: crew.tasks };
}

/**
 * @param build the models of the first thread, in its order. What constructors write is the same in every thread.
 * @returns the crew that the thread serves
 */
export function joinEngine(
  { kernelModule, memory, usedBytes, tasks }: SharedEngine,
  build: (kernels: WasmKernels) => void,
): Crew {
  const kernels = createWasmKernels(kernelModule, memory);
  build(kernels);
  if (kernels.usedBytes() !== usedBytes || kernels.crew.tasks !== tasks) {
    throw new Error('it built another model than the first thread');
  }
  return kernels.crew;
}
