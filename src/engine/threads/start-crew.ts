/**
 * Starts the other threads of a crew, in Node and in a browser alike; how a worker is started there is given to it.
 *
 * The first thread starts a foreman, and the foreman starts the members and watches over them (`supervise.ts`): while the
 * first waits for a share it hears no event, so it would never learn that a member has ended.
 */
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import { ControlBlock } from './control-block.ts';
import type { Crew, CrewSettings } from './crew.ts';

/** What the foreman is started with: what all members share. */
export interface CrewStart {
  readonly threads: number;
  readonly control: SharedArrayBuffer;
  readonly spinMicroseconds: number;
  /** What members build their tasks from; must survive a message. */
  readonly work: unknown;
}

/** What a member is started with. */
export interface MemberStart extends CrewStart {
  /** 1 .. threads - 1 */
  readonly member: number;
}

/** All that a foreman or a member says. */
export type WorkerWord = 'ready' | 'failed' | { readonly refused: string };

/** What whoever starts a worker hears of it. */
export interface WorkerListeners {
  readonly onWord: (word: WorkerWord) => void;
  /** It threw, could not be loaded, or has ended: why. May be called more than once. */
  readonly onEnd: (why: string) => void;
  /** There is no such worker to be had here: why. Nothing is wrong with the program itself. */
  readonly onRefused: (reason: string) => void;
}

/** A worker as whoever started it holds it. */
export interface CrewWorker {
  /** Ends it, and the workers it has started. */
  terminate(): unknown;
}

/** Starts a worker of a kind; throws nothing. */
export type StartWorker<Start> = (start: Start, listeners: WorkerListeners) => CrewWorker;

export interface CrewOptions {
  readonly crew: Crew;
  /** Threads in all, the calling one included; at least 2. */
  readonly threads: number;
  readonly work: unknown;
  readonly startForeman: StartWorker<CrewStart>;
  readonly settings?: Partial<CrewSettings> | undefined;
  /** Told why there are no other threads to be had here; there is then one. Without it that is an error. */
  readonly onRefused?: ((reason: string) => void) | undefined;
  /** Milliseconds until threads of which nothing was heard are given up. */
  readonly startWithinMs?: number;
}

export interface Threads {
  /** Ends the other threads; what they shared goes on with one. */
  stop(): Promise<void>;
}

export const oneThread: Threads = Object.freeze({ stop: () => Promise.resolve() });

const defaults: CrewSettings = {
  // Longer than most of what only the first thread does between tasks. A neighbour on these cores loses this much to a
  // thread that looks, and gives it back when he takes the core from one that works.
  spinMicroseconds: 60,
  leastOperations: 50_000,
  warnAfterMs: 5000,
  failAfterMs: 60_000,
};

/** How the start of a crew came out. */
type Outcome = { readonly problem: string; readonly isRefusal: boolean } | 'ready';

/**
 * Starts the members and opens the crew when all are ready.
 * @throws {LabError} exit code 70 where they do not start
 */
export async function startCrew(options: CrewOptions): Promise<Threads> {
  const { crew, threads, work, startForeman, settings, onRefused, startWithinMs = 60_000 } = options;
  const control = new ControlBlock(threads);
  // With fewer cores than threads whoever looks keeps another from working.
  const spinMicroseconds = threads <= navigator.hardwareConcurrency ? defaults.spinMicroseconds : 0;
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const refuse = (problem: string) => resolve({ problem, isRefusal: true });
  const foreman = startForeman(
    { threads, control: control.buffer, spinMicroseconds, work },
    {
      onWord: (word) => {
        if (word === 'ready') resolve(word);
        else if (word === 'failed')
          resolve({ problem: control.failure()?.message ?? 'one of them ended', isRefusal: false });
        else refuse(word.refused);
      },
      onEnd: (problem) => {
        control.fail(1, problem);
        resolve({ problem, isRefusal: false });
      },
      onRefused: (reason) => {
        control.fail(1, reason);
        refuse(reason);
      },
    },
  );
  const late = setTimeout(() => refuse(`nothing heard of them for ${startWithinMs / 1000} s`), startWithinMs);
  const outcome = await promise;
  clearTimeout(late);
  if (outcome !== 'ready') {
    await foreman.terminate();
    if (!outcome.isRefusal || onRefused === undefined) throw notStarted(outcome.problem);
    onRefused(outcome.problem);
    return oneThread;
  }
  crew.open(control, { ...defaults, spinMicroseconds, ...settings });
  return {
    stop: async () => {
      crew.close();
      await foreman.terminate();
    },
  };
}

function notStarted(why: string): LabError {
  return new LabError(
    `engine: the other threads did not start: ${why}; with --threads 1 (threads: 1 in a program) it needs none`,
    exitCodes.crash,
  );
}

/** What is said where nobody asked for threads by name and there are none to be had. */
export function refusalWarning(reason: string): string {
  return `engine: the other threads did not start: ${reason}; going on with one, which is slower and gives the same numbers`;
}

/** What is said of a thread that has not finished its share of a step for so long. */
export function silenceWarning(thread: number, threads: number, seconds: number): string {
  return (
    `engine: no sign of thread ${thread} of ${threads} for ${seconds} s; waiting, for the machine may be too busy to ` +
    'run it: take fewer threads (--threads) where that stays so'
  );
}
