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

/**
 * Starts the members and opens the crew when all are ready. They keep no process alive.
 * @throws {LabError} exit code 70 where they do not start
 */
export async function startCrew({ crew, threads, file, work, settings }: CrewOptions): Promise<Threads> {
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
  const foreman = new Worker(workerFile('foreman', import.meta.url), { workerData, name: 'iclab threads' });
  try {
    await isReady(foreman, control);
  } catch (error) {
    await foreman.terminate();
    throw error;
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

async function isReady(foreman: Worker, control: ControlBlock): Promise<void> {
  let why: string;
  try {
    const [word] = (await once(foreman, 'message', {
      signal: AbortSignal.timeout(startWithinMs),
    })) as unknown[];
    if (word === 'ready') return;
    why = control.failure()?.message ?? 'one of them ended';
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'AbortError';
    why = isLate ? `nothing heard of them for ${startWithinMs / 1000} s` : String(error);
  }
  throw new LabError(
    `engine: the other threads did not start: ${why}; with --threads 1 it needs none`,
    exitCodes.crash,
  );
}
