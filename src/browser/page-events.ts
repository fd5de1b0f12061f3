/** What a run in a page tells while it goes, and how it ended. Plain data: the same events as a run folder's where there are such. */
import type { RunEvent } from '../runs/run-events.ts';

/** What computes. */
export interface PageEngine {
  readonly name: 'wasm';
  /** First 12 hexadecimal digits of the SHA-256 of the kernels; absent in a page that is not from https or localhost. */
  readonly kernels?: string;
  /** Threads in all; no number depends on it. */
  readonly threads: number;
  /** Why there is only one, where more were wanted. */
  readonly threadsReason?: string;
  /** Bits of its vectors. A page cannot have more. */
  readonly vectors: 128;
}

export type PageEvent =
  /** Training is about to start. */
  | {
      readonly kind: 'started';
      readonly engine: PageEngine;
      /** What the exemplar source calls itself. */
      readonly source: string;
      readonly sequences: number;
      readonly trainSequences: number;
    }
  | Extract<RunEvent, { readonly kind: 'progress' | 'evaluating' | 'evaluation' | 'warning' }>;

export interface PageResult {
  /** `finished`: it ran to its end. `stopped`: it was asked to. `closed`: its workers were ended before either. */
  readonly outcome: 'finished' | 'stopped' | 'closed';
  /** Training sequences seen and optimizer steps taken; of a run that was closed, as last told. */
  readonly sequences: number;
  readonly step: number;
  /**
   * SHA-256 over all weights and the optimizer's state: equal for the same settings and step, wherever they were
   * computed. Absent where the run was closed, and in a page that is not from https or localhost.
   */
  readonly stateHash?: string;
}
