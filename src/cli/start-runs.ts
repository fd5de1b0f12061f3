/** Several runs that one command asks for, each in a process of its own: started, told of, stopped together. */
import { exitCodes } from '../errors/lab-error.ts';
import type { RunEnd } from '../executors/executor.ts';
import { localProcesses } from '../executors/local-processes.ts';
import { type Places, placesFor } from '../executors/places.ts';
import { runAll } from '../executors/run-all.ts';
import { visibleLine } from '../report/visible-text.ts';
import { runName } from '../runs/find-runs.ts';
import { readRunId } from '../runs/run-folder.ts';
import { type RunSummary, summariseRun } from '../runs/run-summary.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { physicalCores } from '../runs/threads/physical-cores.ts';
import type { LabContext } from './context.ts';
import { planOf } from './dry-run.ts';
import { exitCodeOf } from './error-line.ts';
import { type RunFlags, vectorWish } from './flags.ts';
import { readingEnvironment } from './report-output.ts';
import type { ListedRun } from './run-list.ts';
import { runsTable } from './runs-table.ts';
import { createSeveralOutput } from './several-output.ts';
import { listenForStop } from './stop-signals.ts';

type SeveralFlags = Pick<RunFlags, 'jobs' | 'threads' | 'vectors' | 'json'>;

/** From good to bad: a run that failed is worse than one that only has to go on. */
const exitCodesByBadness: readonly number[] = [
  exitCodes.done,
  exitCodes.checkFailed,
  exitCodes.stoppedResumable,
  exitCodes.badInput,
  exitCodes.badData,
  exitCodes.cannotWrite,
  exitCodes.crash,
];

/** @param codes some of `exitCodes` */
export function worstExitCode(codes: readonly number[]): number {
  return exitCodesByBadness.findLast((code) => codes.includes(code)) ?? exitCodes.done;
}

function exitCodeOfEnd(end: RunEnd): number {
  if (end.kind === 'failed') return exitCodeOf(end.error);
  return end.kind === 'ended' && end.result.outcome !== 'stopped'
    ? exitCodes.done
    : exitCodes.stoppedResumable;
}

/** How many of these go at once here. @throws {LabError} exit code 64 as `placesFor` and `planOf` */
export function placesHere(
  runs: readonly ListedRun[],
  flags: Pick<SeveralFlags, 'jobs' | 'threads'>,
): Places {
  const memoryBytes = runs.map(({ config }) => planOf(config).plan.memoryBytes);
  return placesFor(memoryBytes, flags, { cores: physicalCores(), freeBytes: process.availableMemory() });
}

/** `2 at once, 1 thread each`. */
export function placesText({ places, isShortOfMemory }: Places): string {
  const [least, most] = [Math.min(...places), Math.max(...places)];
  const threads = least === most ? `${most}` : `${least} or ${most}`;
  const why = isShortOfMemory ? ', for there is no memory for more' : '';
  return `${places.length} at once${why}, ${threads} thread${most === 1 ? '' : 's'} each`;
}

/**
 * Trains all of them to their end, or until a signal. Sets the exit code to the worst of them.
 * @returns how each came out, in their order
 * @throws {LabError} exit code 64 where not even one can be begun
 */
export async function startRuns(
  context: LabContext,
  runs: readonly ListedRun[],
  flags: SeveralFlags,
): Promise<RunEnd[]> {
  const places = placesHere(runs, flags);
  const { stdout } = context.process;
  if (!flags.json) stdout.write(`${runs.length} runs, ${placesText(places)}\n`);
  const output = createSeveralOutput(context, runs, { json: flags.json ?? false });
  const stop = listenForStop(context, (name) => output.onStop(name));
  const command = ['iclab', ...context.argv];
  const { threads } = flags;
  const vectors = vectorWish(flags);
  try {
    const ends = await runAll({
      jobs: runs.map(({ config, folder }) => ({ config, folder, command, vectors, threads })),
      executor: localProcesses(),
      places: places.places,
      signal: stop.signal,
      onStart: (index) => output.onStart(index),
      onEvent: (index, event) => output.onEvent(index, event),
      onEnd: (index, end) => output.onEnd(index, end),
    });
    output.finish();
    const codes = ends.map(exitCodeOfEnd);
    context.process.exitCode = worstExitCode(codes);
    if (flags.json) stdout.write(`${JSON.stringify(endsJson(runs, ends, codes))}\n`);
    else stdout.write(await tableOf(runs, stdout.isTerminal ? stdout.columns() - 1 : undefined));
    const notBegun = runs.filter((_, i) => ends[i].kind === 'notBegun').map(({ name }) => name);
    if (!flags.json && notBegun.length > 0) {
      stdout.write(
        `${notBegun.length} not begun, the same command does: ${visibleLine(notBegun.join(', '))}\n`,
      );
    }
    return ends;
  } finally {
    stop.dispose();
  }
}

function endsJson(runs: readonly ListedRun[], ends: readonly RunEnd[], codes: readonly number[]): object {
  const outcomes = ends.map((end, i) => ({
    run: runs[i].name,
    folder: runs[i].folder,
    outcome: end.kind === 'ended' ? end.result.outcome : end.kind,
    exitCode: codes[i],
  }));
  return { kind: 'runs', runs: outcomes };
}

/** What came of them, as `iclab runs` tells it, what each is called here before it. */
async function tableOf(runs: readonly ListedRun[], width?: number): Promise<string> {
  const begun: { summary: RunSummary; name: string }[] = [];
  for (const { name, folder } of runs) {
    if ((await nodeStorage.status(folder)) === undefined) continue;
    const found = { folder, name: runName(folder), id: await readRunId(nodeStorage, folder) };
    begun.push({ name, summary: await summariseRun(readingEnvironment(), found) });
  }
  if (begun.length === 0) return '';
  const names = begun.map(({ name }) => name);
  return `\n${runsTable(
    begun.map(({ summary }) => summary),
    Date.now(),
    width,
    names,
  )}`;
}
