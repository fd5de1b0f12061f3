/** Worker threads of Node as the members of a crew (`src/engine/threads/crew.ts`). */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ControlBlock } from '../../engine/threads/control-block.ts';
import type { Crew, CrewSettings } from '../../engine/threads/crew.ts';
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import { workerFile } from './worker-file.ts';

/** What a member is started with. */
export interface MemberStart {
  /** 1 .. threads - 1 */
  readonly member: number;
  readonly threads: number;
  readonly control: SharedArrayBuffer;
  readonly spinMicroseconds: number;
  /** What it builds its tasks from. */
  readonly work: unknown;
}

/** What the foreman starts the members with. */
export interface ForemanStart extends Omit<MemberStart, 'member'> {
  /** The file that is started as a member. */
  readonly file: string;
}

export interface CrewOptions {
  readonly crew: Crew;
  /** Threads in all, the calling one included; at least 2. */
  readonly threads: number;
  /** A file that builds the crew's tasks from a `MemberStart`, posts `ready` and serves. */
  readonly file: URL;
  readonly work: unknown;
  readonly settings?: Partial<CrewSettings> | undefined;
  /** Told why Node gives no thread; there is then one. Without it that is an error. */
  readonly onRefused?: ((reason: string) => void) | undefined;
}

export interface Threads {
  /** Ends the other threads; what they shared goes on with one. */
  stop(): Promise<void>;
}

const defaults: CrewSettings = {
  // Longer than most of what only the first thread does between tasks. A neighbour on these cores loses this much to a
  // thread that looks, and gives it back when he takes the core from one that works.
  spinMicroseconds: 60,
  leastOperations: 50_000,
  warnAfterMs: 5000,
  failAfterMs: 60_000,
};
const startWithinMs = 60_000;

/** What the foreman says of a thread that Node does not start. */
export interface Refusal {
  readonly refused: string;
}

const oneThread: Threads = Object.freeze({ stop: () => Promise.resolve() });

/**
 * Starts the members and opens the crew when all are ready. They keep no process alive.
 * @throws {LabError} exit code 70 where they do not start
 */
export async function startCrew(options: CrewOptions): Promise<Threads> {
  const { crew, threads, file, work, settings, onRefused } = options;
  const control = new ControlBlock(threads);
  // With fewer cores than threads whoever looks keeps another from working.
  const spinMicroseconds = threads <= availableParallelism() ? defaults.spinMicroseconds : 0;
  const workerData: ForemanStart = {
    threads,
    control: control.buffer,
    spinMicroseconds,
    file: file.href,
    work,
  };
  let foreman: Worker | undefined;
  try {
    foreman = new Worker(workerFile('foreman', import.meta.url), { workerData, name: 'iclab threads' });
    await isReady(foreman, control);
  } catch (error) {
    await foreman?.terminate();
    const reason = refusalOf(error);
    if (reason === undefined || onRefused === undefined) throw notStarted(error);
    onRefused(reason);
    return oneThread;
  }
  foreman.unref();
  foreman.on('error', (error: unknown) => control.fail(1, String(error)));
  crew.open(control, { ...defaults, spinMicroseconds, ...settings });
  return {
    stop: async () => {
      crew.close();
      await foreman.terminate();
    },
  };
}

/** @throws what keeps them from it */
async function isReady(foreman: Worker, control: ControlBlock): Promise<void> {
  const [word] = (await once(foreman, 'message', {
    signal: AbortSignal.timeout(startWithinMs),
  })) as [string | Refusal];
  if (word === 'ready') return;
  if (typeof word === 'object') throw new StartRefused(word.refused);
  throw new Error(control.failure()?.message ?? 'one of them ended');
}

class StartRefused extends Error {}

/**
 * Why Node gives no thread: a policy, too little memory, a limit on processes (`ulimit -u`), or a machine
 * too busy to start one. Undefined for what is wrong with the program itself.
 */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof StartRefused) return error.message;
  if (error.name === 'AbortError') return `nothing heard of them for ${startWithinMs / 1000} s`;
  const code = 'code' in error ? String(error.code) : '';
  const isRefusal = code === 'ERR_ACCESS_DENIED' || /^ERR_WORKER_(INIT_FAILED|OUT_OF_MEMORY)$/.test(code);
  return isRefusal ? error.message.replace(/\.$/, '') : undefined;
}

/** The error where they do not start and one thread will not do. */
export function notStarted(error: unknown): LabError {
  const why = refusalOf(error) ?? (error instanceof Error ? error.message : String(error));
  return new LabError(
    `engine: the other threads did not start: ${why}; with --threads 1 it needs none`,
    exitCodes.crash,
    { cause: error },
  );
}
