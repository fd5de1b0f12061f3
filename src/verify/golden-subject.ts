/** What is put to the test by a golden trace: a model on some engine, seen through four questions. */
import type { Intervention } from '../intervene/intervention.ts';
import type { ModelShape } from '../model/config.ts';
import type { GoldenBatch } from './golden-batch.ts';

export interface GoldenSubjectOptions {
  readonly shape: ModelShape;
  readonly batchSize: number;
  /** Adam's rate; betas .9 and .999, epsilon 1e-8, no schedule, no L2. */
  readonly rate: number;
  /** Starting weights by parameter name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** What is done to the model while it runs, and the weights of the one donor its grafts have. */
  readonly intervened?: {
    readonly interventions: readonly Intervention[];
    readonly donor: ReadonlyMap<string, Float32Array>;
  };
}

export interface GoldenSubject {
  /** Which engine ran, e.g. `wasm float32`. */
  readonly engine: string;
  /** Logits `[batch, labels]` at the query and the named sites in the dims of `sites.ts`; weights stay as they are. */
  forward(
    batch: GoldenBatch,
    sites: readonly string[],
  ): { queryLogits: ArrayLike<number>; sites: ReadonlyMap<string, ArrayLike<number>> };
  /** Mean loss in nats and its gradient by parameter name; weights stay as they are. */
  lossAndGradients(batch: GoldenBatch): { loss: number; gradients: ReadonlyMap<string, ArrayLike<number>> };
  /** One Adam step. @returns the mean loss before it */
  trainStep(batch: GoldenBatch): number;
  /** Weights by parameter name, valid until the next step. */
  parameters(): ReadonlyMap<string, ArrayLike<number>>;
}

/** Makes a subject with the starting weights loaded. */
export type CreateGoldenSubject = (options: GoldenSubjectOptions) => GoldenSubject;
