/** Started as a worker thread by `foreman.ts`: builds a probe's model and serves its crew. */
import { parentPort, workerData } from 'node:worker_threads';
import { ControlBlock } from '../engine/threads/control-block.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import type { ModelShape } from '../model/config.ts';
import type { MemberStart } from '../runs/threads/start-crew.ts';
import { createProbeModel } from './probe.ts';

/** What the model is made of; goes to the threads as a message. */
export interface SharedProbe {
  readonly kernelModule: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly shape: ModelShape;
  /** What the first thread has come to with it: every thread must come to the same. */
  readonly usedBytes: number;
  readonly tasks: number;
}

function serve({ threads, control, member, spinMicroseconds, work }: MemberStart): void {
  const { kernelModule, memory, shape, usedBytes, tasks } = work as SharedProbe;
  const kernels = createWasmKernels(kernelModule, memory);
  createProbeModel(kernels, shape);
  if (kernels.usedBytes() !== usedBytes || kernels.crew.tasks !== tasks) {
    throw new Error('it built another model than the first thread');
  }
  parentPort!.postMessage('ready');
  kernels.crew.serve(new ControlBlock(threads, control), member, spinMicroseconds);
}

serve(workerData as MemberStart);
