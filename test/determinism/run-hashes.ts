/**
 * A short run as fingerprints: what goes in (features, evaluator sets), every tensor of the state at three moments, and
 * the lines of its metrics. Trains in memory, so that the same function runs in Node and in a browser; the resume campaign
 * holds it and `src/runs/run-session.ts` to the same bits.
 */
import type { ExemplarSource } from '../../src/data/exemplar-source.ts';
import type { Threads } from '../../src/engine/threads/start-crew.ts';
import type { AssembledRun } from '../../src/runs/assemble.ts';
import { assembleRun } from '../../src/runs/assemble.ts';
import type { RunConfig } from '../../src/runs/config.ts';
import type { StoredRecord } from '../../src/runs/records.ts';
import { hashState, hashText, sha256, type StateHashes } from '../../src/runs/state-hash.ts';
import type { ThreadOptions } from '../../src/runs/threads/shared-models.ts';
import { trainInMemory } from '../../src/runs/train-in-memory.ts';

export interface RunHashes {
  /** Of the features and the evaluators' sequences. */
  readonly inputs: string;
  readonly start: StateHashes;
  readonly firstStep: StateHashes;
  readonly end: StateHashes;
  /** Of the lines of metrics, as a run folder stores them. */
  readonly metrics: string;
}

/** A run's hashes, and the names that `StateHashes.tensors` leaves out. */
export interface HashedRun {
  readonly hashes: RunHashes;
  readonly tensorNames: readonly string[];
}

/**
 * @param module the compiled assembly/ (build/kernels.wasm)
 * @param prepare given the run before its first step
 */
export async function hashRun(
  config: RunConfig,
  module: WebAssembly.Module,
  prepare?: (run: AssembledRun) => Promise<void>,
): Promise<HashedRun> {
  const run = assembleRun(config, module);
  await prepare?.(run);
  const { trainer } = run;
  const inputs = await inputsHash(run);
  const start = await hashState(trainer.stateTensors());
  let firstStep: StateHashes | undefined;
  const lines: string[] = [];
  for (const moment of trainInMemory(run, config)) {
    if (moment.kind === 'step' && trainer.step === 1) firstStep = await hashState(trainer.stateTensors());
    if (moment.kind === 'record') lines.push(metricsLine(moment.record));
  }
  if (!firstStep) throw new Error('a short run takes at least one step');
  const end = await hashState(trainer.stateTensors());
  const metrics = await hashText(lines.join(''));
  return {
    hashes: { inputs, start, firstStep, end, metrics },
    tensorNames: [...trainer.stateTensors().keys()],
  };
}

/** How threads are started in the place that hashes: `startThreads` of Node or of a browser. */
export type StartThreads<Started extends Threads> = (options: ThreadOptions) => Promise<Started>;

/**
 * Hashes a run on several threads, every call of a kernel shared that can be.
 * @returns also what starting the threads gave; they have ended
 */
export async function hashOnThreads<Started extends Threads>(
  config: RunConfig,
  kernelModule: WebAssembly.Module,
  threads: number,
  start: StartThreads<Started>,
): Promise<HashedRun & { readonly started: Started }> {
  const { train } = config;
  const settings = { leastOperations: 0 };
  let started: Started | undefined;
  try {
    const hashed = await hashRun(config, kernelModule, async ({ kernels, shape }) => {
      started = await start({ kernels, kernelModule, shape, train, threads, settings });
    });
    return { ...hashed, started: started! };
  } finally {
    await started?.stop();
  }
}

/** A record as a run folder has it. */
function metricsLine(record: StoredRecord): string {
  return `${JSON.stringify(record)}\n`;
}

async function inputsHash({ source, evaluatorSets }: AssembledRun): Promise<string> {
  const parts = [await sha256(featuresOf(source))];
  for (const { definition, sequences } of evaluatorSets) {
    const { classes, exemplars, labels, kinds } = sequences;
    parts.push(definition.name);
    for (const numbers of [classes, exemplars, labels, kinds]) parts.push(await sha256(numbers));
  }
  return hashText(parts.join());
}

/** All features of a source, as float32. */
function featuresOf(source: ExemplarSource): Float32Array {
  const { classes, exemplars, dim } = source;
  const features = new Float32Array(classes * exemplars * dim);
  for (let row = 0; row < classes; row++) {
    for (let exemplar = 0; exemplar < exemplars; exemplar++) {
      source.copyFeatures(row, exemplar, features, (row * exemplars + exemplar) * dim);
    }
  }
  return features;
}
