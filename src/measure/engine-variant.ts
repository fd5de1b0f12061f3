/** Ways of running the same engine that give the same numbers at another speed: the axis of the measurements. */
import { assembleRun, type AssembledRun } from '../runs/assemble.ts';
import type { RunConfig } from '../runs/config.ts';
import { kernelsOfWidth, type VectorBits, vectorWidth } from '../runs/vector-width.ts';

export interface EngineVariant {
  readonly threads: number;
  readonly vectorBits: VectorBits;
}

/** All there are on this machine, the plainest first. Each needs a process of its own: vectors are the process's. */
export function engineVariants(): EngineVariant[] {
  const widths: VectorBits[] = vectorWidth().bits === 256 ? [128, 256] : [128];
  return widths.map((vectorBits) => ({ threads: 1, vectorBits }));
}

/**
 * Builds a run on the engine that a process of this variant has.
 * @throws {LabError} as `vectorWidth` and `assembleRun`
 */
export function openVariant({ vectorBits }: EngineVariant, config: RunConfig): AssembledRun {
  return assembleRun(config, kernelsOfWidth(vectorWidth(vectorBits)).module);
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
