/**
 * Hashes short runs in a process of its own: `node FLAGS node-program.mjs KERNELS NAME...` prints `HashedRuns` as JSON.
 * Started, never imported.
 */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { type EngineProbe, engineProbeSource } from './engine-code.ts';
import { hashShortRuns } from './hash-short-runs.ts';

const [kernels, ...names] = process.argv.slice(2);
const hashed = await hashShortRuns(names, new Uint8Array(readFileSync(kernels)), () => {
  // Not before: nothing about the runs is to differ from an ordinary process.
  setFlagsFromString('--allow-natives-syntax');
  return runInThisContext(engineProbeSource) as EngineProbe;
});
process.stdout.write(JSON.stringify(hashed));
