/**
 * The short runs as a program gives them: by name, from the bytes of the kernels. Bundled by `bundle.ts` for processes
 * with other flags, other versions of Node, and Chromium.
 */
import { exp } from '../../src/engine/elementary.ts';
import { threefry2x32 } from '../../src/engine/threefry.ts';
import { createWasmEngine } from '../../src/engine/wasm.ts';
import { markedModule } from '../../src/engine/wasm/marked-module.ts';
import type { EngineCode, EngineProbe } from './engine-code.ts';
import { hashRun, type RunHashes } from './run-hashes.ts';
import { shortRun } from './short-runs.ts';

/** What is hashed. */
export interface HashWish {
  readonly names: readonly string[];
  /** Every run on each of these numbers of threads. */
  readonly threads: readonly number[];
  /** Marks on the compiled kernels (`src/engine/wasm/marked-module.ts`). */
  readonly marks?: readonly string[];
}

export interface HashedRuns {
  /** By number of threads, then by name. */
  readonly runs: Readonly<Record<number, Readonly<Record<string, RunHashes>>>>;
  /** Which compilers made the code that ran. */
  readonly code: EngineCode;
}

/** Hashes one run on so many threads. */
export type HashOnThreads = (
  name: string,
  threads: number,
  kernels: WebAssembly.Module,
) => Promise<RunHashes>;

/** In the thread that calls it. */
export const hashHere: HashOnThreads = async (name, _threads, kernels) =>
  (await hashRun(shortRun(name).config, kernels)).hashes;

/**
 * @param hash how a run is hashed on a number of threads here
 * @param probe looks at the code when all runs are through
 */
export async function hashShortRuns(
  { names, threads, marks = [] }: HashWish,
  kernelBytes: Uint8Array<ArrayBuffer>,
  hash: HashOnThreads,
  probe: () => EngineProbe,
): Promise<HashedRuns> {
  const module = new WebAssembly.Module(marks.reduce(markedModule, kernelBytes));
  const runs: Record<number, Record<string, RunHashes>> = {};
  for (const count of threads) {
    runs[count] = {};
    for (const name of names) runs[count][name] = await hash(name, count, module);
  }
  // Instances of a module share its code.
  const code = probe()(Object.values(createWasmEngine(module).exports), [threefry2x32, exp]);
  return { runs, code };
}
