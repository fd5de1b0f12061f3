/** A report of several runs together: one figure, one page, and what is told of them. `report` and `reproduce` make them. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { ComparedRun } from '../../experiments/coopetition/comparison/groups.ts';
import type { ReadRun } from '../../experiments/coopetition/read-run.ts';
import { scaleOf } from '../../experiments/coopetition/run-scale.ts';
import { LabError } from '../errors/lab-error.ts';
import { comparisonText } from './report-comparison-text.ts';
import { fileList } from './report-output.ts';

export interface Written {
  readonly json: object;
  /** @param width of the terminal; undefined for a file or a pipe */
  readonly text: (width?: number) => string;
}

/** @throws {LabError} exit code 64 for copies of one run; 73 where it cannot be written */
export async function reportSeveral(runs: readonly ReadRun[], folder: string): Promise<Written> {
  // Loaded only now: a wrong name needs no drawing.
  const { writeComparison } = await import('../../experiments/coopetition/comparison/report.ts');
  const { describeRun } = await import('../../experiments/coopetition/run-info.ts');
  const { saveReport } = await import('../../experiments/coopetition/save-report.ts');
  assertNoCopies(runs);
  const compared = runs.map((run): ComparedRun => {
    return { info: describeRun(run, scaleOf(run.config)), config: run.config, table: run.table };
  });
  const { groups, moments, ...content } = writeComparison(compared);
  const files = await saveReport(folder, 'runs', content);
  const groupsJson = groups.map(({ label, settings, runs: members }, i) => ({
    label,
    settings,
    runs: members.map(({ info }) => info.name),
    moments: moments.groups[i],
  }));
  return {
    json: {
      kind: 'report',
      figure: 'runs',
      files,
      runs: runs.map(runJson),
      groups: groupsJson,
      ciwlLevel: moments.ciwlLevel,
    },
    text: (width) => comparisonText(groups, moments, width) + fileList(files),
  };
}

/** A run as the JSON of reports has it. */
export function runJson(run: ReadRun): object {
  const { name, id, folder, state, sequences, config } = run;
  const { scale } = scaleOf(config);
  return { name, id, folder, state, sequences, trainSequences: config.train.trainSequences, scale };
}

/** A copy of a folder is no second seed. */
function assertNoCopies(runs: readonly ReadRun[]): void {
  for (const [i, { id, folder }] of runs.entries()) {
    const other = runs.slice(0, i).find((run) => id !== undefined && run.id === id);
    if (other === undefined) continue;
    throw new LabError(
      `${other.folder}, ${folder}: copies of one run (id ${id}); give one of them, or compare them (iclab diff)`,
    );
  }
}

/** Six digits that say which runs they are, whatever their order. */
export function hashOfRuns(runs: readonly ReadRun[]): string {
  const which = runs.map(({ id, folder }) => id ?? resolve(folder)).toSorted();
  return createHash('sha256').update(which.join('\n')).digest('hex').slice(0, 6);
}
