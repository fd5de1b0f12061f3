/**
 * Every system error at every storage operation, once and for ever: what was saved stays, the run stops in one line or
 * goes through, and once the disk is well again it comes to the same end.
 */
import { exitCodes } from '../../errors/lab-error.ts';
import type { Fault, MemoryStorage } from '../storage/memory-storage.ts';
import { type Storage, StorageError } from '../storage/storage.ts';
import {
  attemptSession,
  type Bench,
  checkEnd,
  checkError,
  checkWentThrough,
  type DiskState,
  emptyDisk,
  hold,
} from './promises.ts';

const writing: readonly (keyof Storage)[] = [
  'makeDirectory',
  'create',
  'append',
  'sync',
  'link',
  'rename',
  'syncDirectory',
  'remove',
];
const looking: readonly (keyof Storage)[] = ['list', 'read', 'status', 'freeBytes'];

/** Which operations a system fails with each code. */
const scopes: Readonly<Record<string, readonly (keyof Storage)[]>> = {
  ENOSPC: ['makeDirectory', 'create', 'append', 'sync', 'link', 'rename'],
  EIO: [...writing, ...looking],
  EACCES: [...writing, ...looking].filter((operation) => operation !== 'freeBytes'),
  EROFS: writing.filter((operation) => operation !== 'sync' && operation !== 'syncDirectory'),
  EMFILE: ['create', 'append', 'sync', 'syncDirectory', 'list', 'read'],
};

/** How an operation fails: with nothing done, half of its bytes written, or done all the same. */
type Manner = 'nothing' | 'half' | 'all';
const manners: readonly Manner[] = ['nothing', 'half', 'all'];

export interface FaultCase {
  readonly code: string;
  /** The operation, counted from the start of the session, at which it begins. */
  readonly at: number;
  readonly lasts: 'once' | 'for ever';
  readonly manner: Manner;
  /** Whether the power goes too before the disk is well again. */
  readonly powerGoes: boolean;
}

export interface FaultFigures {
  cases: number;
  stopped: number;
  wentThrough: number;
}

/** A run stopped half-way: two generations and checkpoints to go on from. */
export async function stoppedHalfWay(bench: Bench): Promise<DiskState> {
  const stop = new AbortController();
  const attempt = await attemptSession(bench, emptyDisk(), {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === 'progress' && event.sequences === 160) stop.abort();
    },
  });
  checkWentThrough(attempt);
  return { ...attempt.state, story: 'stopped after 160 sequences' };
}

/** All cases that differ, from `skip` on every `every`th. @throws {BrokenPromise} */
export async function runFaults(bench: Bench, every: number): Promise<FaultFigures> {
  const figures: FaultFigures = { cases: 0, stopped: 0, wentThrough: 0 };
  let count = bench.seed;
  for (const base of [emptyDisk(), await stoppedHalfWay(bench)]) {
    const operations = await operationsOf(bench, base);
    for (const [index, operation] of operations.entries()) {
      for (const faultCase of casesAt(operation, index)) {
        if (count++ % every !== 0) continue;
        const wentThrough = await runFault(bench, base, faultCase);
        figures.cases++;
        figures[wentThrough ? 'wentThrough' : 'stopped']++;
      }
    }
  }
  return figures;
}

async function operationsOf(bench: Bench, base: DiskState): Promise<(keyof Storage)[]> {
  const operations: (keyof Storage)[] = [];
  const disk = base.disk.clone();
  disk.intercept((operation) => void operations.push(operation));
  checkWentThrough(await attemptSession(bench, { ...base, disk }));
  return operations;
}

function* casesAt(operation: keyof Storage, at: number): Generator<FaultCase> {
  for (const [code, scope] of Object.entries(scopes)) {
    if (!scope.includes(operation)) continue;
    for (const manner of manners) {
      if (manner === 'half' && operation !== 'create' && operation !== 'append') continue;
      if (manner === 'half' && code !== 'ENOSPC' && code !== 'EIO') continue;
      if (manner === 'all' && (code !== 'EIO' || !writing.includes(operation))) continue;
      for (const lasts of ['once', 'for ever'] as const) {
        for (const powerGoes of [false, true]) yield { code, at, lasts, manner, powerGoes };
      }
    }
  }
}

/** @returns whether the run went through all the same */
async function runFault(bench: Bench, base: DiskState, faultCase: FaultCase): Promise<boolean> {
  const { code, at, lasts, manner, powerGoes } = faultCase;
  const disk = base.disk.clone();
  let count = 0;
  let hit = '';
  disk.intercept((operation, path): void | Fault => {
    const isHit = scopes[code].includes(operation) && (lasts === 'once' ? count === at : count >= at);
    count++;
    if (!isHit) return undefined;
    hit ||= `${operation} ${path}`;
    const error = new StorageError(code, operation, path);
    if (manner === 'nothing') throw error;
    return manner === 'half' ? { fraction: 0.5, error } : { afterwards: error };
  });
  const { state, result, error } = await attemptSession(bench, { ...base, disk });
  const story = `${base.story}; ${code} ${lasts} from operation ${at}, ${hit}, ${manner} done`;
  if (!result) {
    checkError(error, [exitCodes.cannotWrite], story);
    hold('one line of error', String(error).includes(code), () => `${String(error)}; ${story}`);
  }
  const left: MemoryStorage = powerGoes ? disk.afterPowerLoss() : disk;
  left.intercept(() => undefined);
  const after = { ...state, disk: left, story: powerGoes ? `${story}; no power` : story };
  const end = await checkEnd(bench, after);
  if (result) {
    hold(
      'what is finished stays finished',
      end.result?.outcome === 'alreadyFinished',
      () => `not finished any more; ${after.story}`,
    );
  }
  return result !== undefined;
}
