/**
 * What a run keeps to whatever happens to it, as checks with names: a campaign that fails says which promise broke, and
 * the table of seeded bugs says which one notices each of them.
 */
import { isDeepStrictEqual } from 'node:util';
import { LabError } from '../../errors/lab-error.ts';
import { decodeCheckpoint } from '../checkpoint-file.ts';
import type { RunEvent, RunResult } from '../run-events.ts';
import { readFolder, readLastStart } from '../run-folder.ts';
import { doneFile, isLeftover, snapshotsAmong } from '../run-files.ts';
import { runSession } from '../run-session.ts';
import type { SessionOptions } from '../session-parts.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { fakeFolder as folder, fakeMachine, fakeSession, traceOf } from '../testing.ts';

export type PromiseName =
  | 'acknowledged work is kept'
  | 'it goes on by itself'
  | 'no warning without damage'
  | 'the same final state'
  | 'the same metrics, byte for byte'
  | 'the same snapshots'
  | 'finished only with its last checkpoint'
  | 'what is finished stays finished'
  | 'nothing is left behind'
  | 'no more checkpoints than asked for'
  | 'one line of error'
  | 'damage is found'
  | 'one writer';

export class BrokenPromise extends Error {
  readonly promise: PromiseName;

  constructor(promise: PromiseName, detail: string) {
    super(`${promise}: ${detail}`);
    this.name = 'BrokenPromise';
    this.promise = promise;
  }
}

export function hold(promise: PromiseName, held: boolean, detail: () => string): void {
  if (!held) throw new BrokenPromise(promise, detail());
}

/** Everything of a finished run that must come out the same. */
export type RunTrace = Awaited<ReturnType<typeof fullTrace>>;

/** What a campaign is run with. */
export interface Bench {
  /** The run that nothing ever happened to. */
  readonly expected: RunTrace;
  /** What sessions see of their disk: the disk itself, or a faulty storage on top of it. */
  readonly view: (disk: MemoryStorage) => Storage;
  readonly seed: number;
}

/** A disk in the middle of a run's life, and what its sessions so far were told is safe. */
export interface DiskState {
  readonly disk: MemoryStorage;
  readonly saved: Saved;
  /** Sessions that came before; none of them lives. */
  readonly sessions: number;
  /** What happened so far, for whoever has to look into a failure. */
  readonly story: string;
}

/** What 'saved' events have acknowledged. */
export interface Saved {
  /** Sequences at the newest checkpoint; -1 for none. */
  readonly checkpoint: number;
  readonly snapshots: readonly number[];
}

export const emptyDisk = (): DiskState => ({
  disk: new MemoryStorage({ now: () => 1e12 }),
  saved: { checkpoint: -1, snapshots: [] },
  sessions: 0,
  story: 'a new folder',
});

export async function makeBench(seed: number, view: Bench['view'] = (disk) => disk): Promise<Bench> {
  const disk = new MemoryStorage();
  await runSession(fakeSession(disk).options);
  return { expected: await fullTrace(disk), view, seed };
}

/** How one session on a disk went. */
export interface Attempt {
  readonly state: DiskState;
  readonly events: readonly RunEvent[];
  readonly result: RunResult | undefined;
  readonly error: Error | undefined;
}

/** One session on the disk as it is, which it changes. @param saved as `state.saved`, kept up while it runs */
export async function attemptSession(
  bench: Bench,
  state: DiskState,
  changes: Partial<SessionOptions> = {},
  onSaved: (saved: Saved) => void = () => undefined,
): Promise<Attempt> {
  const machine = fakeMachine();
  const pid = state.sessions + 1;
  for (let earlier = 1; earlier < pid; earlier++) machine.dead.add(earlier);
  const { options, events } = fakeSession(bench.view(state.disk), {
    processes: machine.process(pid),
    ...changes,
  });
  let { saved } = state;
  const onEvent = (event: RunEvent) => {
    events.push(event);
    changes.onEvent?.(event);
    if (event.kind !== 'saved') return;
    const { what, sequences } = event;
    saved =
      what === 'checkpoint'
        ? { ...saved, checkpoint: Math.max(saved.checkpoint, sequences) }
        : { ...saved, snapshots: [...saved.snapshots, sequences] };
    onSaved(saved);
  };
  let result: RunResult | undefined;
  let error: Error | undefined;
  try {
    result = await runSession({ ...options, onEvent });
  } catch (reason) {
    error = reason instanceof Error ? reason : new Error(String(reason));
  }
  return { state: { ...state, saved, sessions: pid }, events, result, error };
}

/** With nothing in its way, a session comes to its end or to where it was stopped. */
export function checkWentThrough({ result, error, state }: Attempt): void {
  hold('it goes on by itself', result !== undefined, () => `${String(error)}; ${state.story}`);
}

/** What was acknowledged is on the disk, before any session repairs anything. */
export async function checkDisk({ disk, saved, story }: DiskState): Promise<void> {
  const names = await disk.list(folder).catch((): string[] => []);
  const isReadable = async (name: string, kind: 'checkpoint' | 'snapshot') => {
    try {
      decodeCheckpoint(await disk.read(`${folder}/${name}`), name, kind);
      return true;
    } catch {
      return false;
    }
  };
  for (const sequences of saved.snapshots) {
    const candidates = snapshotsAmong(names).filter((file) => file.sequences === sequences);
    const readable = await Promise.all(candidates.map(({ name }) => isReadable(name, 'snapshot')));
    hold(
      'acknowledged work is kept',
      readable.includes(true),
      () => `snapshot ${sequences} is gone; ${story}`,
    );
  }
  if (!names.includes(doneFile)) return;
  const text = new TextDecoder().decode(await disk.read(`${folder}/${doneFile}`));
  const named = /"checkpoint": "([^"]+)"/.exec(text)?.[1];
  const isThere = named !== undefined && (await isReadable(named, 'checkpoint'));
  hold(
    'finished only with its last checkpoint',
    isThere,
    () => `done.json names ${named ?? 'none'}; ${story}`,
  );
}

export interface EndOptions {
  /** Warning lines that the session may tell. Default 0. */
  readonly warnings?: number;
  readonly changes?: Partial<SessionOptions>;
  /** Whether acknowledged work may have been destroyed, by damage rather than by losing it. */
  readonly damaged?: boolean;
}

/** A session on what is left goes on without a hand and ends exactly as the run that nothing happened to. */
export async function checkEnd(
  bench: Bench,
  state: DiskState,
  { warnings = 0, changes = {}, damaged = false }: EndOptions = {},
): Promise<Attempt> {
  const { story, saved, disk } = state;
  if (!damaged) await checkDisk(state);
  const attempt = await attemptSession(bench, state, changes);
  const { events, result, error } = attempt;
  hold('it goes on by itself', result !== undefined, () => `${String(error)}; ${story}`);
  const isEnd = result?.outcome === 'finished' || result?.outcome === 'alreadyFinished';
  hold('it goes on by itself', isEnd, () => `ended ${result?.outcome}; ${story}`);
  const started = events.find((event) => event.kind === 'started');
  const from = started?.sequences ?? result?.sequences ?? -1;
  hold(
    'acknowledged work is kept',
    damaged || from >= saved.checkpoint,
    () => `went on from ${from}, ${saved.checkpoint} was acknowledged; ${story}`,
  );
  const told = events.filter((event) => event.kind === 'warning');
  hold(
    'no warning without damage',
    told.length <= warnings,
    () => `${told.map(({ message }) => message).join(' | ')}; ${story}`,
  );
  await checkTrace(bench, disk, story);
  const names = await disk.list(folder);
  if (result?.outcome === 'finished') {
    const leftovers = names.filter(isLeftover);
    hold('nothing is left behind', leftovers.length === 0, () => `${leftovers.join(', ')}; ${story}`);
    const checkpoints = names.filter((name) => name.startsWith('checkpoint-'));
    hold(
      'no more checkpoints than asked for',
      checkpoints.length <= 3,
      () => `${checkpoints.join(', ')}; ${story}`,
    );
  }
  await checkFinished(bench, attempt.state);
  return attempt;
}

/** State, metrics and snapshots of a finished run. */
export async function checkTrace(bench: Bench, disk: Storage, story: string): Promise<void> {
  let trace: RunTrace;
  try {
    trace = await fullTrace(disk);
  } catch (error) {
    throw new BrokenPromise('the same final state', `${String(error)}; ${story}`);
  }
  const { metrics, snapshots, rawMetrics, ...state } = trace;
  const { expected } = bench;
  const { tensors, step, progress } = expected;
  hold(
    'the same final state',
    isDeepStrictEqual(state, { tensors, step, progress }),
    () => `step ${state.step}, ${JSON.stringify(state.progress)}; ${story}`,
  );
  hold(
    'the same metrics, byte for byte',
    rawMetrics === expected.rawMetrics && isDeepStrictEqual(metrics, expected.metrics),
    () => `${rawMetrics}\ninstead of\n${expected.rawMetrics}\n${story}`,
  );
  hold(
    'the same snapshots',
    isDeepStrictEqual(snapshots, expected.snapshots),
    () => `${[...snapshots.keys()].join(', ')}; ${story}`,
  );
}

/** A finished run stays so when the power goes, and another start changes nothing. */
async function checkFinished(bench: Bench, state: DiskState): Promise<void> {
  const { disk, story } = state;
  const names = await disk.list(folder);
  const left = disk.afterPowerLoss();
  const again = await attemptSession(bench, { ...state, disk: left });
  hold(
    'what is finished stays finished',
    again.result?.outcome === 'alreadyFinished' && again.events.length === 0,
    () => `another start after a power cut: ${again.result?.outcome ?? String(again.error)}; ${story}`,
  );
  await checkTrace(bench, left, `${story}; finished, and without power`);
  const content = await readFolder(disk, folder);
  const { source } = await readLastStart(disk, folder);
  hold(
    'what is finished stays finished',
    content.finishedAt?.sequences === 320 && source === 'fake source',
    () => `the folder says ${JSON.stringify(content.finishedAt)} of ${source}; ${story}`,
  );
  hold(
    'what is finished stays finished',
    isDeepStrictEqual(await disk.list(folder), names),
    () => `another start changed the folder; ${story}`,
  );
}

/** One line, with a path and the exit code of what happened. */
export function checkError(error: unknown, exitCodes: readonly number[], story: string): void {
  const isLine = error instanceof LabError && !error.message.includes('\n') && error.message.includes(folder);
  hold('one line of error', isLine, () => `${String(error)}; ${story}`);
  const code = (error as LabError).exitCode;
  hold('one line of error', exitCodes.includes(code), () => `exit code ${code}: ${String(error)}; ${story}`);
}

async function fullTrace(storage: Storage) {
  return { ...(await traceOf(storage)), rawMetrics: await rawMetrics(storage) };
}

interface SegmentEnd {
  readonly segment: string;
  readonly bytes: number;
}

/** The lines of a finished run's metrics as they stand in its files: a second reader, which parses headers alone. */
async function rawMetrics(storage: Storage): Promise<string> {
  const done = new TextDecoder().decode(await storage.read(`${folder}/${doneFile}`));
  let next: SegmentEnd | null = (JSON.parse(done) as { metrics: SegmentEnd }).metrics;
  let text = '';
  while (next) {
    const bytes = await storage.read(`${folder}/metrics.${next.segment}.ndjson`);
    const part = new TextDecoder().decode(bytes.subarray(0, next.bytes));
    const headerEnd = part.indexOf('\n') + 1;
    const header = JSON.parse(part.slice(0, headerEnd)) as { follows: SegmentEnd | null };
    text = part.slice(headerEnd) + text;
    next = header.follows;
  }
  return text;
}
