/** The hashing program in a page, and a page's own runs: for whoever drives the browser. Started, never imported. */
import { type PageEngine, type PageResult, type PageRun, startRun } from '../../src/browser/index.ts';
import { play } from '../threads/scenarios.ts';
import type { EngineProbe } from './engine-code.ts';
import {
  type HashedRuns,
  hashHere,
  type HashOnThreads,
  hashShortRuns,
  type HashWish,
} from './hash-short-runs.ts';
import { shortRun } from './short-runs.ts';

declare global {
  /** Made by the driver, out of `engineProbeSource`. */
  var engineProbe: EngineProbe;
  /** In the page's own thread, or with `inWorkers` in workers; script is looked at in the page's own thread alone. */
  var hashInPage: (wish: HashWish, inWorkers: boolean) => Promise<HashedRuns>;
  /** As a page trains: to the end. */
  var trainInPage: (name: string, threads: number) => Promise<{ engine: PageEngine; result: PageResult }>;
  /** Trains without end until the next is called; kept when it trains. */
  var startInPage: (name: string, threads: number) => Promise<void>;
  var closeInPage: () => Promise<PageResult>;
}

const hashInWorkers: HashOnThreads = async (run, threads, kernels) => {
  const outcome = await play({ kind: 'hash', run, threads, kernels });
  if (outcome.threads !== threads)
    throw new Error(`${run}: ${outcome.threads} threads; ${outcome.reason ?? ''}`);
  return outcome.hashed.hashes;
};

globalThis.hashInPage = async (wish, inWorkers) => {
  const response = await fetch('/kernels.wasm');
  const bytes = new Uint8Array(await response.arrayBuffer());
  const hash = inWorkers ? hashInWorkers : hashHere;
  return hashShortRuns(wish, bytes, hash, () => globalThis.engineProbe);
};

globalThis.trainInPage = async (name, threads) => {
  const engines: PageEngine[] = [];
  const { config } = shortRun(name);
  const run = startRun({
    config,
    threads,
    onEvent: (event) => {
      if (event.kind === 'started') engines.push(event.engine);
    },
  });
  const result = await run.result;
  return { engine: engines[0], result };
};

let endless: PageRun | undefined;

globalThis.startInPage = (name, threads) => {
  const { config } = shortRun(name);
  const train = { ...config.train, trainSequences: 1e9 };
  const { promise, resolve } = Promise.withResolvers<undefined>();
  endless = startRun({
    config: { ...config, train },
    threads,
    onEvent: ({ kind }) => {
      if (kind === 'progress') resolve(undefined);
    },
  });
  return promise;
};

globalThis.closeInPage = async () => {
  if (!endless) throw new Error('nothing was started');
  endless.close();
  return endless.result;
};
