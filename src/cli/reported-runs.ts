/** The runs that `report` and `diff` were given by word: found, told apart, and read. */
import { resolve } from 'node:path';
import { assertEvaluated, type ReadRun, readRun } from '../../experiments/coopetition/read-run.ts';
import { LabError } from '../errors/lab-error.ts';
import { type FoundRun, resolveRun } from '../runs/find-runs.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { readingEnvironment } from './report-output.ts';

/**
 * In the order of the words; of runs with the same name each is called by its folder.
 * @throws {LabError} exit code 64 for a word that means no run, or the same as another; for a run without an evaluation;
 * 65 for a damaged run
 */
export async function readNamedRuns(words: readonly string[]): Promise<ReadRun[]> {
  const found: FoundRun[] = [];
  for (const word of words) {
    const run = await resolveRun(nodeStorage, word);
    const other = found.findIndex(({ folder }) => resolve(folder) === resolve(run.folder));
    if (other >= 0) {
      throw new LabError(`"${word}": the same run as "${words[other]}"; give each run once`);
    }
    found.push(run);
  }
  const names = found.map(({ name }) => name);
  const environment = readingEnvironment();
  const runs: ReadRun[] = [];
  for (const run of found) {
    const isShared = names.filter((name) => name === run.name).length > 1;
    const read = await readRun(environment, isShared ? { ...run, name: run.folder } : run);
    assertEvaluated(read);
    runs.push(read);
  }
  return runs;
}
