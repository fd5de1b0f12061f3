/**
 * A short run as fingerprints: what goes in (features, evaluator sets), every tensor of the state at three moments, and
 * the lines of its metrics. Trains on the schedule of `src/runs/run-session.ts` but in memory, so that the same function
 * runs in Node and in a browser; the resume campaign holds the two to the same bits.
 */
import type { ExemplarSource } from '../../src/data/exemplar-source.ts';
import type { Numbers } from '../../src/engine/kernels.ts';
import type { AssembledRun } from '../../src/runs/assemble.ts';
import { assembleRun } from '../../src/runs/assemble.ts';
import type { RunConfig } from '../../src/runs/config.ts';
import { type StoredRecord, storedEvaluation } from '../../src/runs/records.ts';
import { endOf, isDue } from '../../src/runs/schedule.ts';
import { sha256 } from '../conformance/digest.ts';

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** A state at one moment. */
export interface StateHashes {
  /** SHA-256 over names, shapes and bytes of all tensors, in their order. */
  readonly state: string;
  /** First 8 digits of the SHA-256 of each tensor alone, in the same order, separated by spaces: to say which differs. */
  readonly tensors: string;
}

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
  for (const record of train(run, config)) {
    if (record === 'step') {
      if (trainer.step === 1) firstStep = await hashState(trainer.stateTensors());
    } else lines.push(metricsLine(record));
  }
  if (!firstStep) throw new Error('a short run takes at least one step');
  const end = await hashState(trainer.stateTensors());
  const metrics = await hashText(lines.join(''));
  return {
    hashes: { inputs, start, firstStep, end, metrics },
    tensorNames: [...trainer.stateTensors().keys()],
  };
}

/** Trains to the end, yielding each record of the metrics when a session would write it, and after each step. */
function* train(
  { trainer, evaluator }: Pick<AssembledRun, 'trainer' | 'evaluator'>,
  config: RunConfig,
): Generator<StoredRecord | 'step'> {
  const { batchSize, trainSequences, recordEverySequences } = config.train;
  const end = endOf(trainSequences, batchSize);
  let losses: number[] = [];
  for (;;) {
    const { sequencesSeen: sequences, step } = trainer;
    const isAtEnd = sequences >= end;
    const due = (every: number) => isDue(sequences, every, batchSize, -1);
    if (losses.length > 0 && due(recordEverySequences)) {
      yield { kind: 'train', sequences, step, loss: losses.reduce((a, b) => a + b, 0) / losses.length };
      losses = [];
    }
    if (due(config.evaluate.everySequences) || isAtEnd) {
      for (const evaluation of evaluator.evaluate(sequences, step)) {
        if (evaluation) yield storedEvaluation(evaluation, config.evaluate.perSequence);
      }
    }
    if (isAtEnd) return;
    losses.push(trainer.trainStep().loss);
    yield 'step';
  }
}

/** A record as a run folder has it. */
function metricsLine(record: StoredRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export function hashText(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}

export async function hashState(tensors: ReadonlyMap<string, NamedTensor>): Promise<StateHashes> {
  const parts: string[] = [];
  // The memory may be shared and goes on changing: each tensor is copied before it is hashed.
  for (const [name, { shape, data }] of [...tensors].map(copied)) {
    parts.push(await hashText(`${name} [${shape.join()}] ${await sha256(data)}`));
  }
  return { state: await hashText(parts.join()), tensors: parts.map((hash) => hash.slice(0, 8)).join(' ') };
}

function copied([name, { shape, data }]: [string, NamedTensor]): [string, NamedTensor] {
  return [name, { shape, data: data.slice() }];
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
