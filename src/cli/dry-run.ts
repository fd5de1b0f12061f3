/** `--dry-run`: checks all that a run depends on, makes nothing, and tells what it would do and need. */
import { evaluatorDefinitions } from '../data/evaluators.ts';
import { describeSource } from '../data/open-source.ts';
import { type ResolvedData, resolveData } from '../data/resolved-data.ts';
import { formatCount } from '../report/format.ts';
import { modelShape } from '../runs/assemble.ts';
import type { RunConfig } from '../runs/config.ts';
import { assertEngineMemory } from '../runs/engine-memory.ts';
import { checkpointsAmong } from '../runs/run-files.ts';
import { continuation, readFolder } from '../runs/run-folder.ts';
import { planRun, type RunPlan } from '../runs/run-plan.ts';
import { assertWritable } from '../runs/storage/assert-writable.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';

export const nothingWritten = 'nothing was written (--dry-run)\n';

export interface DryRun {
  readonly folder: string;
  /** What the command would find there. */
  readonly state: 'new' | 'goOn' | 'finished';
  /** Sequences at the newest checkpoint there. */
  readonly from?: number;
  readonly source: string;
  readonly classes: number;
  readonly labels: number;
  readonly tokens: number;
  readonly plan: RunPlan;
}

/** @throws {LabError} for whatever would keep the run from starting */
export async function dryRun(config: RunConfig, folder: string): Promise<DryRun> {
  await assertWritable(folder);
  const exists = (await nodeStorage.status(folder)) !== undefined;
  const state = exists
    ? continuation(await readFolder(nodeStorage, folder), config, folder)
    : ('new' as const);
  const [newest] = exists ? checkpointsAmong(await nodeStorage.list(folder)) : [];
  const { data, plan } = planOf(config);
  return {
    folder,
    state,
    ...(state === 'goOn' && newest ? { from: newest.sequences } : {}),
    source: describeSource(config.data.source),
    classes: data.classes,
    labels: data.labels,
    tokens: 2 * data.contextPairs + 1,
    plan,
  };
}

/** What a run will do and need. @throws {LabError} exit code 64 where it cannot be drawn, or is larger than the engine */
export function planOf(config: RunConfig): { data: ResolvedData; plan: RunPlan } {
  const data = resolveData(config.data, config.data.source);
  const shape = modelShape(config, data);
  assertEngineMemory(shape, config.train);
  return { data, plan: planRun(config, data, shape, evaluatorDefinitions(data).length) };
}

/** `would go on from 6,400 sequences`. */
export function wouldText({ state, from }: DryRun): string {
  return {
    new: 'would start there',
    goOn: from === undefined ? 'would start there' : `would go on from ${formatCount(from)} sequences`,
    finished: 'finished there already',
  }[state];
}

export const megabytes = (bytes: number): string => `about ${formatCount(bytes / 1e6)} MB`;

/** The plan for a reader, one fact a line. */
export function dryRunText(run: DryRun): string {
  const { plan } = run;
  const facts: [string, string][] = [
    ['folder', `${run.folder} (${wouldText(run)})`],
    ['features', `${run.source}, ${formatCount(run.classes)} classes`],
    [
      'model',
      `${formatCount(plan.parameters)} parameters, ${formatCount(run.labels)} labels, ${run.tokens} tokens`,
    ],
    ['training', `${formatCount(plan.trainSequences)} sequences in ${formatCount(plan.steps)} steps`],
    [
      'evaluations',
      `${formatCount(plan.evaluations)} of ${formatCount(plan.sequencesPerEvaluation)} sequences each`,
    ],
    ['checkpoints', `${formatCount(plan.checkpoints)} saves, ${formatCount(plan.snapshots)} snapshots kept`],
    ['memory', megabytes(plan.memoryBytes)],
    ['disk', megabytes(plan.diskBytes)],
  ];
  return `${facts.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n')}\n${nothingWritten}`;
}
