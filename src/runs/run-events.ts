/** What a run tells while it goes: for meters, logs and dashboards. Plain data; nothing here decides anything. */
import type { EvaluationRecord } from '../evaluate/metrics.ts';

export type RunEvent =
  /** Training is about to start or to go on. */
  | {
      readonly kind: 'started';
      readonly folder: string;
      readonly generation: number;
      readonly sequences: number;
      readonly trainSequences: number;
      /** The checkpoint it goes on from; absent for a new run. */
      readonly resumedFrom?: string;
      /** Records of earlier evaluations, in order, so that a meter can show the last ones. */
      readonly evaluations: readonly EvaluationRecord[];
    }
  /** Several times a second. */
  | {
      readonly kind: 'progress';
      readonly sequences: number;
      readonly step: number;
      /** Mean training loss of the steps since the last such event. */
      readonly loss: number;
    }
  | { readonly kind: 'evaluating'; readonly sequences: number }
  | {
      readonly kind: 'evaluation';
      readonly sequences: number;
      readonly step: number;
      /** Mean training loss of the steps since the last evaluation; absent where there were none. */
      readonly loss?: number;
      readonly records: readonly EvaluationRecord[];
    }
  /** A full checkpoint or a weight-only snapshot is durable. */
  | {
      readonly kind: 'saved';
      readonly what: 'checkpoint' | 'snapshot';
      readonly sequences: number;
      readonly file: string;
    }
  | { readonly kind: 'warning'; readonly message: string };

/** How a session ended. All three are orderly; anything else is thrown. */
export interface RunResult {
  /** `finished`: it ran to its end now. `alreadyFinished`: there was nothing to do. `stopped`: it can go on. */
  readonly outcome: 'finished' | 'alreadyFinished' | 'stopped';
  readonly folder: string;
  readonly sequences: number;
  readonly step: number;
  /** Of a run that was finished further than this command asks for: the length it asks for. */
  readonly requested?: number;
}
