/** Gives the engine of a run more threads, which build the same models on the same memory. */
import type { CrewSettings } from '../../engine/threads/crew.ts';
import type { WasmKernels } from '../../engine/wasm.ts';
import type { ModelShape } from '../../model/config.ts';
import type { TrainConfig } from '../../train/config.ts';
import type { SharedModels } from './shared-models.ts';
import { startCrew, type Threads } from './start-crew.ts';
import { workerFile } from './worker-file.ts';

export interface ThreadOptions {
  readonly kernels: WasmKernels;
  readonly kernelModule: WebAssembly.Module;
  readonly shape: ModelShape;
  readonly train: TrainConfig;
  /** Threads in all, the calling one included. */
  readonly threads: number;
  readonly settings?: Partial<CrewSettings> | undefined;
  /** Told why Node gives no other thread; it then goes on with one. Without it that is an error. */
  readonly onRefused?: ((reason: string) => void) | undefined;
}

/**
 * Starts the threads of an engine on which `assembleRun` has built its models; with one thread, nothing.
 * @throws {LabError} exit code 70 where they do not start
 */
export function startThreads(options: ThreadOptions): Promise<Threads> {
  const { kernels, kernelModule, shape, train, threads, settings, onRefused } = options;
  if (threads === 1) return Promise.resolve({ stop: () => Promise.resolve() });
  const { crew, memory } = kernels;
  const usedBytes = kernels.usedBytes();
  const work: SharedModels = { kernelModule, memory, shape, train, usedBytes, tasks: crew.tasks };
  return startCrew({ crew, threads, file: workerFile('member', import.meta.url), work, settings, onRefused });
}

/** What is said where nobody asked for threads by name and Node gives none. */
export function refusalWarning(reason: string): string {
  return `engine: the other threads did not start: ${reason}; going on with one, which is slower and gives the same numbers`;
}

/** What is said of a thread that has not finished its share of a step for so long. */
export function silenceWarning(thread: number, threads: number, seconds: number): string {
  return (
    `engine: no sign of thread ${thread} of ${threads} for ${seconds} s; waiting, for the machine may be too busy to ` +
    'run it: take fewer --threads where that stays so'
  );
}
