/** The worker that trains a page's run: builds it, gives it threads, and tells the page of it. */
import { LabError } from '../errors/lab-error.ts';
import { silenceWarning } from '../engine/threads/start-crew.ts';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { assembleRun, type AssembledRun } from '../runs/assemble.ts';
import type { RunConfig } from '../runs/config.ts';
import { hashState } from '../runs/state-hash.ts';
import { defaultThreads } from '../runs/threads/thread-count.ts';
import { trainInMemory, type TrainingMoment } from '../runs/train-in-memory.ts';
import { loadKernels } from './load-kernels.ts';
import { type CoordinatorMessage, type CoordinatorStart, stopWord } from './messages.ts';
import type { PageEvent, PageResult } from './page-events.ts';
import { startThreads } from './threads/start-threads.ts';
import { type WorkerScope, workerScope } from './worker-scope.ts';

/** The page's word is listened for so often; a step, or a batch of an evaluation, is finished before. */
const pauseEveryMs = 10;
const progressEveryMs = 50;

/** @param start a `CoordinatorStart` */
export function coordinate(start: unknown): void {
  const scope = workerScope();
  const tell = (message: CoordinatorMessage) => scope.postMessage(message);
  train(start as CoordinatorStart, tell, listenForStop(scope)).then(
    (result) => tell({ kind: 'ended', result }),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      tell({
        kind: 'failed',
        message,
        ...(error instanceof LabError ? { exitCode: error.exitCode } : {}),
      });
    },
  );
}

function listenForStop(scope: WorkerScope): () => boolean {
  let isAsked = false;
  scope.addEventListener('message', ({ data }) => {
    if (data === stopWord) isAsked = true;
  });
  return () => isAsked;
}

async function train(
  { config, kernels, threads }: CoordinatorStart,
  tell: (event: PageEvent) => void,
  isAsked: () => boolean,
): Promise<PageResult> {
  const { module: kernelModule, hash } = await loadKernels(kernels);
  const run = assembleRun(config, kernelModule);
  const { shape, trainer } = run;
  const wanted = threads ?? defaultThreads(shape, config.train, navigator.hardwareConcurrency);
  const onSilence = (thread: number, seconds: number) =>
    tell({ kind: 'warning', message: silenceWarning(thread, wanted, seconds) });
  const crew = await startThreads({
    kernels: run.kernels,
    kernelModule,
    shape,
    train: config.train,
    threads: wanted,
    settings: { onSilence },
  });
  try {
    tell({
      kind: 'started',
      engine: {
        name: 'wasm',
        ...(hash === undefined ? {} : { kernels: hash }),
        threads: crew.threads,
        ...(crew.reason === undefined ? {} : { threadsReason: crew.reason }),
        vectors: 128,
      },
      source: run.source.description,
      sequences: trainer.sequencesSeen,
      trainSequences: config.train.trainSequences,
    });
    const outcome = await drive(run, config, tell, isAsked);
    const { sequencesSeen: sequences, step } = trainer;
    const isHashable = (crypto as Partial<Crypto>).subtle !== undefined;
    const hashes = isHashable ? { stateHash: (await hashState(trainer.stateTensors())).state } : {};
    return { outcome, sequences, step, ...hashes };
  } finally {
    await crew.stop();
  }
}

async function drive(
  run: AssembledRun,
  config: RunConfig,
  tell: (event: PageEvent) => void,
  isAsked: () => boolean,
): Promise<'finished' | 'stopped'> {
  const told = new Telling(run, tell);
  const pause = createPause();
  let lastPause = performance.now();
  for (const moment of trainInMemory(run, config)) {
    told.hear(moment);
    const now = performance.now();
    if (now - lastPause < pauseEveryMs) continue;
    await pause();
    lastPause = performance.now();
    if (isAsked()) return 'stopped';
  }
  return 'finished';
}

/** Makes events of what happens in training. */
class Telling {
  readonly #run: AssembledRun;
  readonly #tell: (event: PageEvent) => void;
  #lastProgress = performance.now();
  /** Losses since the last event of progress, and since the last evaluation. */
  #recent = { sum: 0, count: 0 };
  #sinceEvaluation = { sum: 0, count: 0 };
  #records: EvaluationRecord[] = [];

  constructor(run: AssembledRun, tell: (event: PageEvent) => void) {
    this.#run = run;
    this.#tell = tell;
  }

  hear(moment: TrainingMoment): void {
    const { sequencesSeen: sequences, step } = this.#run.trainer;
    switch (moment.kind) {
      case 'step':
        for (const losses of [this.#recent, this.#sinceEvaluation]) {
          losses.sum += moment.loss;
          losses.count++;
        }
        this.#progress(sequences, step);
        break;
      case 'evaluating':
        this.#tell({ kind: 'evaluating', sequences });
        break;
      case 'record':
        if (moment.record.kind === 'evaluation') this.#records.push(moment.record);
        break;
      case 'evaluated': {
        const { sum, count } = this.#sinceEvaluation;
        const loss = count > 0 ? { loss: sum / count } : {};
        this.#tell({ kind: 'evaluation', sequences, step, ...loss, records: this.#records });
        this.#sinceEvaluation = { sum: 0, count: 0 };
        this.#records = [];
        break;
      }
      case 'evaluatedBatch':
    }
  }

  #progress(sequences: number, step: number): void {
    const now = performance.now();
    if (now - this.#lastProgress < progressEveryMs) return;
    const { sum, count } = this.#recent;
    this.#tell({ kind: 'progress', sequences, step, loss: sum / count });
    this.#recent = { sum: 0, count: 0 };
    this.#lastProgress = now;
  }
}

/** Lets the worker hear its messages; a timer would wait for four milliseconds. */
function createPause(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let resume = () => {};
  port1.addEventListener('message', () => resume());
  port1.start();
  return () =>
    new Promise((resolve) => {
      resume = resolve;
      port2.postMessage(undefined);
    });
}
