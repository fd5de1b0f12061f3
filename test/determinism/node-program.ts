/**
 * Hashes short runs in a process of its own: `node FLAGS node-program.mjs KERNELS WISH`, a `HashWish` as JSON, prints
 * `HashedRuns` as JSON. Started, never imported. Bundled it has one thread; as it lies here, as many as are wished for.
 */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { startThreads } from '../../src/runs/threads/start-threads.ts';
import { type EngineProbe, engineProbeSource } from './engine-code.ts';
import { hashShortRuns, type HashWish } from './hash-short-runs.ts';
import { hashOnThreads } from './run-hashes.ts';
import { shortRun } from './short-runs.ts';

const [kernels, wish] = process.argv.slice(2);
const hashed = await hashShortRuns(
  JSON.parse(wish) as HashWish,
  new Uint8Array(readFileSync(kernels)),
  async (name, threads, module) =>
    (await hashOnThreads(shortRun(name).config, module, threads, startThreads)).hashes,
  () => {
    // Not before: nothing about the runs is to differ from an ordinary process.
    setFlagsFromString('--allow-natives-syntax');
    return runInThisContext(engineProbeSource) as EngineProbe;
  },
);
process.stdout.write(JSON.stringify(hashed));
