/**
 * The short runs as a program gives them: by name, from the bytes of the kernels. Bundled by `bundle.ts` for processes
 * with other flags, other versions of Node, and Chromium.
 */
import { exp } from '../../src/engine/elementary.ts';
import { threefry2x32 } from '../../src/engine/threefry.ts';
import { createWasmEngine } from '../../src/engine/wasm.ts';
import type { EngineCode, EngineProbe } from './engine-code.ts';
import { hashRun, type RunHashes } from './run-hashes.ts';
import { shortRun } from './short-runs.ts';

export interface HashedRuns {
  readonly runs: Readonly<Record<string, RunHashes>>;
  /** Which compilers made the code that ran. */
  readonly code: EngineCode;
}

/** @param probe looks at the code when all runs are through */
export async function hashShortRuns(
  names: readonly string[],
  kernelBytes: Uint8Array<ArrayBuffer>,
  probe: () => EngineProbe,
): Promise<HashedRuns> {
  const module = new WebAssembly.Module(kernelBytes);
  const runs: Record<string, RunHashes> = {};
  for (const name of names) runs[name] = (await hashRun(shortRun(name).config, module)).hashes;
  // Instances of a module share its code.
  const code = probe()(Object.values(createWasmEngine(module).exports), [threefry2x32, exp]);
  return { runs, code };
}
