/** What a run will do and need, computed from its config before anything is made. Sizes are estimates. */
import type { ResolvedData } from '../data/resolved-data.ts';
import type { ModelShape } from '../model/config.ts';
import { parameterCount } from '../model/parameters.ts';
import type { RunConfig } from './config.ts';
import { engineMemoryBytes } from './engine-memory.ts';
import { endOf, occurrences, snapshotCount } from './schedule.ts';

export interface RunPlan {
  readonly parameters: number;
  readonly steps: number;
  readonly trainSequences: number;
  readonly evaluations: number;
  /** Evaluators times sequences, each time. */
  readonly sequencesPerEvaluation: number;
  readonly checkpoints: number;
  readonly snapshots: number;
  /** Bytes of memory at the peak. */
  readonly memoryBytes: number;
  /** Bytes in the run folder at its end. */
  readonly diskBytes: number;
}

/** Node itself with the program loaded. */
const programBytes = 110e6;
/** One line of metrics of one evaluator, and of the training loss. */
const evaluationLineBytes = 420;
const trainLineBytes = 90;
/** Numbers that `evaluate.perSequence` writes for one sequence, as text. */
const perSequenceBytes = 8 * 12;

/** @param evaluators how many there are for these data */
export function planRun(
  config: RunConfig,
  data: ResolvedData,
  shape: ModelShape,
  evaluators: number,
): RunPlan {
  const { batchSize, trainSequences, optimizer, recordEverySequences } = config.train;
  const { everySequences, sequencesPerEvaluator, perSequence } = config.evaluate;
  const { keep, everySequences: checkpointEvery } = config.checkpoint;
  const parameters = parameterCount(shape);
  const count = (every: number) => occurrences(trainSequences, every, batchSize);
  const evaluations = count(everySequences);
  const snapshots = snapshotCount(trainSequences, config.checkpoint, batchSize);
  const checkpoints = count(checkpointEvery);
  const stateBytes = 4 * parameters * (optimizer.kind === 'adam' ? 3 : 1);

  const featureBytes = data.classes * data.exemplars * data.exampleDim;
  const setBytes = evaluators * sequencesPerEvaluator * (data.contextPairs + 1) * 13;

  const lineBytes = evaluationLineBytes + (perSequence ? sequencesPerEvaluator * perSequenceBytes : 0);
  const metricsBytes = evaluations * evaluators * lineBytes + count(recordEverySequences) * trainLineBytes;
  return {
    parameters,
    steps: endOf(trainSequences, batchSize) / batchSize,
    trainSequences,
    evaluations,
    sequencesPerEvaluation: evaluators * sequencesPerEvaluator,
    checkpoints,
    snapshots,
    // The state is there twice more while it is saved: copied, and encoded.
    memoryBytes:
      programBytes + featureBytes + 2 * stateBytes + engineMemoryBytes(shape, config.train) + setBytes,
    diskBytes: Math.min(checkpoints, keep) * stateBytes + snapshots * 4 * parameters + metricsBytes,
  };
}
