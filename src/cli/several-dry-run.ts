/** `--dry-run` of the commands that train: one run in full, of several a line each and what they take together. */
import type { LabContext } from './context.ts';
import { dryRun, dryRunText, megabytes, nothingWritten, wouldText } from './dry-run.ts';
import { fittedTable } from './fitted-table.ts';
import type { RunFlags } from './flags.ts';
import type { ListedRun } from './run-list.ts';
import { placesHere, placesText } from './start-runs.ts';
import { visibleLine } from '../report/visible-text.ts';

/** @throws {LabError} for whatever would keep one of the runs from starting */
export async function tellDryRuns(
  { process: { stdout } }: LabContext,
  runs: readonly ListedRun[],
  flags: Pick<RunFlags, 'json' | 'jobs' | 'threads'>,
): Promise<void> {
  const all = [];
  for (const { name, config, folder } of runs)
    all.push({ run: name, ...(await dryRun(config, folder)), config });
  if (all.length === 1) {
    const [{ run: _, ...only }] = all;
    stdout.write(flags.json ? `${JSON.stringify(only)}\n` : dryRunText(only));
    return;
  }
  const places = placesHere(runs, flags);
  if (flags.json) {
    stdout.write(`${JSON.stringify({ runs: all, threadsOfPlaces: places.places })}\n`);
    return;
  }
  const rows = all.map((run) => [run.run, wouldText(run), run.folder].map(visibleLine));
  const width = stdout.isTerminal ? stdout.columns() - 1 : undefined;
  const memory = all
    .map(({ plan }) => plan.memoryBytes)
    .toSorted((a, b) => b - a)
    .slice(0, places.places.length);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  stdout.write(
    fittedTable(['run', 'state', 'folder'], rows, width) +
      `${all.length} runs, ${placesText(places)}; memory ${megabytes(sum(memory))}, ` +
      `disk ${megabytes(sum(all.map(({ plan }) => plan.diskBytes)))}\n${nothingWritten}`,
  );
}
