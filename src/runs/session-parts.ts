/** What a session works with: trainer, evaluators, clock, storage and what it is told. Every effect is given to it. */
import { setImmediate } from 'node:timers/promises';
import type { Evaluation } from '../evaluate/evaluator.ts';
import type { DonorRecord } from '../intervene/donor.ts';
import type { FloatTensor } from './checkpoint-file.ts';
import type { RunConfig } from './config.ts';
import type { ProcessTable } from './process-identity.ts';
import type { RunEvent } from './run-events.ts';
import type { RunRecord } from './run-record.ts';
import type { Storage } from './storage/storage.ts';

/** What a session needs of a trainer (`src/train/trainer.ts` has it). */
export interface SessionTrainer {
  readonly step: number;
  readonly sequencesSeen: number;
  /** One optimizer step; the mean loss of its batch. */
  trainStep(): { readonly loss: number };
  /** Weights by parameter name, optimizer state as `adam.m.<name>` and `adam.v.<name>`. */
  stateTensors(): ReadonlyMap<string, FloatTensor>;
  loadState(tensors: ReadonlyMap<string, FloatTensor>, step: number): void;
}

export interface SessionParts {
  readonly trainer: SessionTrainer;
  /** What the exemplar source calls itself; recorded, so that every figure can say it. */
  readonly source: string;
  /** Recorded of the engine beside what is known before it is built. */
  readonly engine?: RunRecord['engine'];
  /** Whose weights its interventions use. */
  readonly donors?: readonly DonorRecord[];
  /**
   * Measures every evaluator's set at the trainer's present weights. Yields undefined where others may run, and an
   * evaluation as each set ends.
   */
  readonly evaluate: (sequences: number, step: number) => Iterable<Evaluation | undefined>;
}

export interface SessionClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds on a clock that never goes back. */
  elapsed(): number;
  /** Lets the process hear signals and do other work. */
  pause(): Promise<void>;
}

export const systemClock: SessionClock = Object.freeze({
  now: () => Date.now(),
  elapsed: () => performance.now(),
  pause: async () => {
    await setImmediate();
  },
});

export interface SessionOptions {
  readonly config: RunConfig;
  readonly folder: string;
  /** Builds trainer and evaluators; not called where the run is finished already. */
  readonly build: () => SessionParts | Promise<SessionParts>;
  /** Changes whenever the engine's numbers do. */
  readonly engineVersion: string;
  readonly record: RunRecord;
  readonly storage: Storage;
  readonly processes: ProcessTable;
  readonly clock?: SessionClock;
  /** Asks the session to finish its step, save and return. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}
