/** The parts of a run in memory, for loops and measurements of one's own. Nothing here writes. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import type { DonorWeights } from '../intervene/donor.ts';
import { type AnyIntervention, donorsOf } from '../intervene/intervention.ts';
import type { SitePattern } from '../intervene/site-patterns.ts';
import type { SiteValue } from '../model/read-site.ts';
import { assembleRun, type AssembledRun } from '../runs/assemble.ts';
import { captureWeights } from '../runs/capture-weights.ts';
import { type CheckpointContent, decodeCheckpoint } from '../runs/checkpoint-file.ts';
import type { RunConfig } from '../runs/config.ts';
import { readDonors } from '../runs/donors.ts';
import { appliedInterventions, WeightsEvaluation } from '../runs/evaluate-weights.ts';
import { openFeatureFile } from '../runs/feature-file.ts';
import type { FoundRun } from '../runs/find-runs.ts';
import { isOptimizerState } from '../runs/kept-weights.ts';
import { loadKernelModule } from '../runs/kernel-module.ts';
import { checkpointsAmong, snapshotsAmong } from '../runs/run-files.ts';
import { cannotRead } from '../runs/storage/commit-file.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';

/**
 * Source, model, trainer and evaluators of a config before the first step, as `iclab train` begins: the same steps give
 * the same numbers. `trainer.trainStep()` takes one step of `config.train.batchSize` sequences.
 * @param donors weights of those that `config.train.interventions` name (`readDonorWeights`)
 * @throws {LabError} 64 settings that do not fit each other, or a model too large for memory; 70 kernels missing
 */
export function assemble(config: RunConfig, donors?: DonorWeights): AssembledRun {
  return assembleRun(config, loadKernelModule().module, donors, openFeatureFile);
}

/** Files of one kind in a run's folder, oldest first: checkpoints hold the optimizer too, snapshots weights alone. */
export async function listCheckpoints(
  { folder }: Pick<FoundRun, 'folder'>,
  kind: CheckpointContent['kind'] = 'checkpoint',
): Promise<string[]> {
  const names = await nodeStorage.list(folder).catch((error: unknown) => {
    throw cannotRead(folder, error);
  });
  const files = kind === 'checkpoint' ? checkpointsAmong(names) : snapshotsAmong(names);
  return files.toReversed().map(({ name }) => join(folder, name));
}

/**
 * A checkpoint or snapshot, its checksum verified. Tensors are row-major, in float32 (docs/python.md names them); a
 * checkpoint also has the optimizer's moments, `adam.m.<name>` and `adam.v.<name>`.
 * @throws {LabError} 65 a file that cannot be read or is damaged
 */
export async function readCheckpoint(path: string): Promise<CheckpointContent> {
  const kind = basename(path).startsWith('snapshot-') ? 'snapshot' : 'checkpoint';
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch (error) {
    throw cannotRead(path, error);
  }
  return decodeCheckpoint(bytes, path, kind);
}

export interface InterveneOptions {
  /** What is done to activations meanwhile, after what the config says the weights were trained with. */
  readonly interventions?: readonly AnyIntervention[];
  /** Leaves out what they were trained with. Default false. */
  readonly dropTrained?: boolean;
  /** Weights of the donors that interventions name (`readDonorWeights`). */
  readonly donors?: DonorWeights;
}

export interface EvaluateOptions extends InterveneOptions {
  /** Names of evaluators; default all that make sense under the interventions. */
  readonly evaluators?: readonly string[];
}

/**
 * What the evaluators of a config say of a checkpoint's weights: those it was trained with, or others.
 * @returns one record per evaluator: means over its set; losses in nats, everything else from 0 to 1
 * @throws {LabError} 64 interventions or evaluators that cannot be; 65 weights of another model
 */
export function evaluateCheckpoint(
  config: RunConfig,
  checkpoint: CheckpointContent,
  { interventions = [], dropTrained, donors, evaluators }: EvaluateOptions = {},
): EvaluationRecord[] {
  const evaluation = new WeightsEvaluation({
    config,
    interventions: appliedInterventions(config, interventions, dropTrained),
    ...(donors ? { donors } : {}),
    evaluators,
  });
  return evaluation.evaluate(weightsIn(checkpoint), checkpoint);
}

export interface CaptureOptions extends InterveneOptions {
  /** Names as `iclab sites` lists them, globs (`blocks.*.attention.pattern`), several of them, or a function of the name. */
  readonly sites: SitePattern;
  /** Whose sequences; default `train`. */
  readonly evaluator?: string;
  /** How many of them, from the first; default 32. */
  readonly count?: number;
}

/**
 * Activations of a checkpoint's model on an evaluator's first sequences; the pass goes no further than they lie.
 * @returns by site, in the order of the pass: `site.dims` with their `sizes`, sequences first, and `data`, row-major
 * @throws {LabError} 64 sites, evaluators or interventions that cannot be; 65 weights of another model
 */
export function captureCheckpoint(
  config: RunConfig,
  checkpoint: CheckpointContent,
  { interventions = [], dropTrained, ...options }: CaptureOptions,
): ReadonlyMap<string, SiteValue> {
  const applied = appliedInterventions(config, interventions, dropTrained);
  return captureWeights(config, weightsIn(checkpoint), applied, options);
}

function weightsIn({ tensors }: CheckpointContent): Map<string, ArrayLike<number>> {
  const weights = [...tensors].filter(([name]) => !isOptimizerState(name));
  return new Map(weights.map(([name, { data }]) => [name, data]));
}

/**
 * Weights of the donors that interventions name, from the runs that have them.
 * @param roots folders that names and ids are looked for in
 * @throws {LabError} 64 no such run, or no weights kept there; 65 damaged
 */
export async function readDonorWeights(
  interventions: readonly AnyIntervention[],
  roots?: readonly string[],
): Promise<DonorWeights> {
  return (await readDonors(nodeStorage, donorsOf(interventions), roots)).weights;
}
