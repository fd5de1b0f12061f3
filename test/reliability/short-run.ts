/** The run that the campaigns interrupt: a small real model that saves often; and all of a run that must not change. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decodeCheckpoint } from '../../src/runs/checkpoint-file.ts';
import { readMetrics } from '../../src/runs/metrics-log.ts';
import {
  type CheckpointName,
  checkpointsAmong,
  isLeftover,
  snapshotsAmong,
} from '../../src/runs/run-files.ts';
import { nodeStorage } from '../../src/runs/storage/node-storage.ts';
import { startIclab } from './program.ts';

/**
 * About a second of training: 50 checkpoints, 10 snapshots, 17 evaluations, and a start before it. Records of the loss
 * hardly ever meet a checkpoint, which therefore has half a mean to remember; evaluations always do, and must not be
 * done twice.
 */
export const shortRun: readonly string[] = [
  'smoke',
  'train.trainSequences=32000',
  'train.recordEverySequences=416',
  'evaluate.everySequences=1920',
  'checkpoint.everySequences=640',
  'checkpoint.snapshotEverySequences=3200',
];

/** Words for `iclab` that run it, or go on with it, in a folder. The number of threads changes nothing. */
export function shortRunIn(folder: string, threads = 1): string[] {
  return ['train', ...shortRun, '--json', '--out', folder, '--threads', `${threads}`];
}

export type RunTrace = Awaited<ReturnType<typeof traceOfRun>>;

/** Runs it in a folder to its end by one command, which is all a user has to do whatever happened there before. */
export async function runToTheEnd(
  folder: string,
): Promise<{ readonly trace: RunTrace; readonly ms: number }> {
  const started = performance.now();
  const { code, signal, errors } = await startIclab(shortRunIn(folder)).ended;
  expect({ code, signal, errors }).toEqual({ code: 0, signal: null, errors: '' });
  return { ms: performance.now() - started, trace: await traceOfRun(folder) };
}

/**
 * What is the same however often a run was interrupted. Equal traces are equal bits. Of one moment there may be two
 * snapshots where an owner that was taken over ended a write; they say the same, or the trace is another.
 */
export async function traceOfRun(folder: string) {
  const names = readdirSync(folder);
  const checkpoints = checkpointsAmong(names);
  const snapshots = snapshotsAmong(names).map((file) => JSON.stringify(weightsIn(folder, file, 'snapshot')));
  const { sequences, step } = JSON.parse(readFileSync(join(folder, 'done.json'), 'utf8')) as Record<
    string,
    number
  >;
  const records = await readMetrics(nodeStorage, folder);
  return {
    finished: { sequences, step },
    last: weightsIn(folder, checkpoints[0], 'checkpoint'),
    checkpoints: checkpoints.length,
    snapshots: [...new Set(snapshots)],
    metrics: records.map((record) => JSON.stringify(record)).join('\n'),
    leftovers: names.filter(isLeftover),
  };
}

function weightsIn(folder: string, { name }: CheckpointName, kind: 'checkpoint' | 'snapshot') {
  const bytes = new Uint8Array(readFileSync(join(folder, name)));
  const { sequences, step, progress, tensors } = decodeCheckpoint(bytes, name, kind);
  const digests = [...tensors].map(([tensor, { data }]) => {
    const tensorBytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return `${tensor} ${createHash('sha256').update(tensorBytes).digest('hex')}`;
  });
  return { sequences, step, progress, digests: digests.toSorted() };
}
