/** The parts of a run in memory, for loops and measurements of one's own. Nothing here writes. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { assembleRun, type AssembledRun } from '../runs/assemble.ts';
import { type CheckpointContent, decodeCheckpoint } from '../runs/checkpoint-file.ts';
import type { RunConfig } from '../runs/config.ts';
import type { FoundRun } from '../runs/find-runs.ts';
import { isOptimizerState } from '../runs/kept-weights.ts';
import { loadKernelModule } from '../runs/kernel-module.ts';
import { checkpointsAmong, snapshotsAmong } from '../runs/run-files.ts';
import { cannotRead } from '../runs/storage/commit-file.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';

/**
 * Source, model, trainer and evaluators of a config before the first step, as `iclab train` begins: the same steps give
 * the same numbers. `trainer.trainStep()` takes one step of `config.train.batchSize` sequences.
 * @throws {LabError} 64 settings that do not fit each other, or a model too large for memory; 70 kernels missing
 */
export function assemble(config: RunConfig): AssembledRun {
  return assembleRun(config, loadKernelModule().module);
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

/**
 * What the evaluators of a config say of a checkpoint's weights: those it was trained with, or others.
 * @returns one record per evaluator: means over its set; losses in nats, everything else from 0 to 1
 * @throws {LabError} 65 weights of another model
 */
export function evaluateCheckpoint(config: RunConfig, checkpoint: CheckpointContent): EvaluationRecord[] {
  const { trainer, evaluator } = assemble(config);
  const weights = [...checkpoint.tensors].filter(([name]) => !isOptimizerState(name));
  trainer.model.parameters.load(new Map(weights.map(([name, { data }]) => [name, data])));
  const evaluations = [...evaluator.evaluate(checkpoint.sequences, checkpoint.step)];
  return evaluations.flatMap((evaluation) => (evaluation ? [evaluation.record] : []));
}
