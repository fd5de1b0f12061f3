/**
 * A session of the real thing: the engine's trainer and evaluators under `runSession`, on a storage in memory, asked to
 * stop at a chosen moment.
 */
import { assembleRun } from '../../src/runs/assemble.ts';
import type { RunConfig } from '../../src/runs/config.ts';
import type { RunResult } from '../../src/runs/run-events.ts';
import { runSession } from '../../src/runs/run-session.ts';
import type { SessionParts, SessionTrainer } from '../../src/runs/session-parts.ts';
import type { Storage } from '../../src/runs/storage/storage.ts';
import { fakeSession, traceOf } from '../../src/runs/testing.ts';
import { hashState, hashText, type StateHashes } from '../../src/runs/state-hash.ts';

/** When the signal comes: as a step ends, or so many batches into the evaluation at a step. */
export type Stop =
  | { readonly afterStep: number }
  | { readonly inEvaluationAtStep: number; readonly batches: number };

export interface RealRun {
  readonly storage: Storage;
  readonly config: RunConfig;
  /** The compiled assembly/ (build/kernels.wasm). */
  readonly module: WebAssembly.Module;
  /** Done to a state just loaded, where a test has to see that it is noticed. */
  readonly spoil?: (trainer: SessionTrainer) => void;
}

/** One session, to the end or to the stop; everything is built anew, as in a new process. */
export function runRealSession(run: RealRun, stop?: Stop): Promise<RunResult> {
  const { storage, config } = run;
  const controller = new AbortController();
  const build = () => stoppable(run, controller, stop);
  return runSession(fakeSession(storage, { config, build, signal: controller.signal }).options);
}

function stoppable(
  { config, module, spoil }: RealRun,
  controller: AbortController,
  stop?: Stop,
): SessionParts {
  const { trainer, evaluator, source } = assembleRun(config, module);
  const stopping: SessionTrainer = {
    get step() {
      return trainer.step;
    },
    get sequencesSeen() {
      return trainer.sequencesSeen;
    },
    trainStep() {
      const result = trainer.trainStep();
      if (stop && 'afterStep' in stop && trainer.step === stop.afterStep) controller.abort();
      return result;
    },
    stateTensors: () => trainer.stateTensors(),
    loadState(tensors, step) {
      trainer.loadState(tensors, step);
      spoil?.(trainer);
    },
  };
  return {
    trainer: stopping,
    source: source.description,
    *evaluate(sequences, step) {
      let batches = 0;
      for (const evaluation of evaluator.evaluate(sequences, step)) {
        if (stop && 'inEvaluationAtStep' in stop && step === stop.inEvaluationAtStep) {
          if (batches++ === stop.batches) controller.abort();
        }
        yield evaluation;
      }
    },
  };
}

export interface SessionHashes {
  /** Of the last checkpoint. */
  readonly end: StateHashes;
  readonly metrics: string;
  /** By sequences seen. */
  readonly snapshots: Readonly<Record<number, string>>;
  readonly step: number;
}

/** What a folder holds of its run, as fingerprints comparable with those of `hashRun`. */
export async function hashFolder(storage: Storage): Promise<SessionHashes> {
  const { tensors, metrics, snapshots, step } = await traceOf(storage);
  const hashes: Record<number, string> = {};
  for (const [sequences, weights] of snapshots)
    hashes[sequences] = (await hashState(weights as typeof tensors)).state;
  return {
    end: await hashState(tensors),
    metrics: await hashText(metrics.map((line) => `${line}\n`).join('')),
    snapshots: hashes,
    step,
  };
}
