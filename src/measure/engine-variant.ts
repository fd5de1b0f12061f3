/** Ways of running the same engine that give the same numbers at another speed: the axis of the measurements. */
import { assembleRun, type AssembledRun } from '../runs/assemble.ts';
import type { RunConfig } from '../runs/config.ts';
import { physicalCores } from '../runs/threads/physical-cores.ts';
import { startThreads } from '../runs/threads/start-threads.ts';
import { kernelsOfWidth, type VectorBits, vectorWidth } from '../runs/vector-width.ts';

export interface EngineVariant {
  readonly threads: number;
  readonly vectorBits: VectorBits;
}

export interface VariantWish {
  /** Default: `threadCounts` of the machine's cores. */
  readonly threads?: readonly number[] | undefined;
  /** Default: what this machine has. */
  readonly vectors?: readonly VectorBits[] | undefined;
}

/**
 * All there are on this machine, or those asked for, the plainest first. Each needs a process of its own: vectors are
 * the process's.
 * @throws {LabError} exit code 64 where 256 bits are asked for and not to be had
 */
export function engineVariants({ threads, vectors }: VariantWish = {}): EngineVariant[] {
  const widths = vectors ?? (vectorWidth().bits === 256 ? [128, 256] : [128]);
  if (vectors?.includes(256)) vectorWidth(256); // here is the place to say why not
  return (threads ?? threadCounts(physicalCores())).flatMap((count) =>
    widths.map((vectorBits) => ({ threads: count, vectorBits })),
  );
}

/** 1, 2, 4, 8, up to the cores there are, and all of these where they are fewer than 8. */
export function threadCounts(cores: number): number[] {
  const most = Math.min(cores, 8);
  return [...new Set([1, 2, 4, 8, most])].filter((count) => count <= most).sort((a, b) => a - b);
}

/** A run on the engine of a variant, and the compiled kernels it has. */
export interface VariantRun extends AssembledRun {
  readonly kernelModule: WebAssembly.Module;
}

/**
 * Builds a run on the engine that a process of this variant has. Its threads keep no process alive.
 * @throws {LabError} as `vectorWidth`, `assembleRun` and `startThreads`
 */
export async function openVariant(
  { threads, vectorBits }: EngineVariant,
  config: RunConfig,
): Promise<VariantRun> {
  const { module: kernelModule } = kernelsOfWidth(vectorWidth(vectorBits));
  const run = assembleRun(config, kernelModule);
  await startThreads({ kernels: run.kernels, kernelModule, shape: run.shape, train: config.train, threads });
  return { ...run, kernelModule };
}

/** `1 thread, 256 bits`. */
export function variantText({ threads, vectorBits }: EngineVariant): string {
  return `${threads} thread${threads === 1 ? '' : 's'}, ${vectorBits} bits`;
}

/** A variant as words of a command line, and back. */
export function variantWords({ threads, vectorBits }: EngineVariant): string[] {
  return [`${threads}`, `${vectorBits}`];
}

export function variantFromWords([threads, bits]: readonly string[]): EngineVariant {
  return { threads: Number(threads), vectorBits: bits === '256' ? 256 : 128 };
}
