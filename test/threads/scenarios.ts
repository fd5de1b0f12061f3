/** What a page's test has a worker of its own play (`testing-worker.ts`), and how it is started. */
import type { WorkerTask } from '../../src/browser/threads/crew-workers.ts';
import type { CrewSettings } from '../../src/engine/threads/crew.ts';
import type { HashedRun } from '../determinism/run-hashes.ts';
import type { TestWork } from './testing-tasks.ts';

/** Hashes a short run on so many threads. */
export interface HashScenario {
  readonly kind: 'hash';
  readonly run: string;
  readonly threads: number;
  readonly kernels: WebAssembly.Module;
  /** Whether the browser is to refuse the worker others. */
  readonly isRefused?: boolean;
}

/** Has a crew do shares, so many rounds or until a call fails. */
export interface CrewScenario {
  readonly kind: 'crew';
  readonly work: TestWork;
  readonly threads: number;
  readonly rounds: number;
  readonly settings?: Partial<CrewSettings>;
}

export type Scenario = HashScenario | CrewScenario;

export interface HashOutcome {
  readonly hashed: HashedRun;
  readonly threads: number;
  readonly reason: string | undefined;
}

export interface CrewOutcome {
  readonly problem: string | undefined;
  readonly ms: number;
  readonly warnings: readonly string[];
}

/** Plays it in a worker that is ended afterwards. @throws what it threw */
export async function play(scenario: HashScenario): Promise<HashOutcome>;
export async function play(scenario: CrewScenario): Promise<CrewOutcome>;
export async function play(scenario: Scenario): Promise<unknown> {
  const worker = new Worker(new URL('./testing-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<{ outcome?: unknown; error?: string }>) => {
        if (data.error === undefined) resolve(data.outcome);
        else reject(new Error(data.error));
      });
      worker.addEventListener('error', ({ message }) => reject(new Error(message)));
      const task: WorkerTask = { role: 'coordinator', start: scenario };
      worker.postMessage(task);
    });
  } finally {
    worker.terminate();
  }
}

/** How many members of crews there are in this browser: each holds a lock as long as it lives. */
export async function livingMembers(): Promise<number> {
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name }) => name?.startsWith('iclab thread ')).length;
}
