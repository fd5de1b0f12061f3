/** The hashing program in a page: gives `hashShortRuns` to whoever drives the browser. Started, never imported. */
import type { EngineProbe } from './engine-code.ts';
import { type HashedRuns, hashShortRuns } from './hash-short-runs.ts';

declare global {
  /** Made by the driver, out of `engineProbeSource`. */
  var engineProbe: EngineProbe;
  var hashInPage: (names: readonly string[]) => Promise<HashedRuns>;
}

globalThis.hashInPage = async (names) => {
  const response = await fetch('/kernels.wasm');
  return hashShortRuns(names, new Uint8Array(await response.arrayBuffer()), () => globalThis.engineProbe);
};
