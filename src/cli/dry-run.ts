/** `--dry-run`: checks all that a run depends on, makes nothing, and tells what it would do and need. */
import { evaluatorDefinitions } from '../data/evaluators.ts';
import { describeSource } from '../data/open-source.ts';
import { resolveData } from '../data/resolved-data.ts';
import { formatCount } from '../report/format.ts';
import { modelShape } from '../runs/assemble.ts';
import type { RunConfig } from '../runs/config.ts';
import { assertEngineMemory } from '../runs/engine-memory.ts';
import { checkpointsAmong } from '../runs/run-files.ts';
import { continuation, readFolder } from '../runs/run-folder.ts';
import { planRun, type RunPlan } from '../runs/run-plan.ts';
import { assertWritable } from '../runs/storage/assert-writable.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';

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
  const data = resolveData(config.data, config.data.source);
  const shape = modelShape(config, data);
  assertEngineMemory(shape, config.train);
  const evaluators = evaluatorDefinitions(data);
  return {
    folder,
    state,
    ...(state === 'goOn' && newest ? { from: newest.sequences } : {}),
    source: describeSource(config.data.source),
    classes: data.classes,
    labels: data.labels,
    tokens: 2 * data.contextPairs + 1,
    plan: planRun(config, data, shape, evaluators.length),
  };
}

/** The plan for a reader, one fact a line. */
export function dryRunText(run: DryRun): string {
  const { plan, state, from } = run;
  const megabytes = (bytes: number) => `about ${formatCount(bytes / 1e6)} MB`;
  const would = {
    new: 'would start there',
    goOn: from === undefined ? 'would start there' : `would go on from ${formatCount(from)} sequences`,
    finished: 'finished there already',
  }[state];
  const facts: [string, string][] = [
    ['folder', `${run.folder} (${would})`],
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
  return `${facts.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n')}\nnothing was written (--dry-run)\n`;
}
