/** Measures while nobody else computes: looks at the machine before and after, waits, and repeats what was disturbed. */
import { cpus } from 'node:os';

/** Share of all cores' time above which a neighbour is at work. */
const quietShare = 0.1;
/** Long enough for the threads of what ran before to have gone to sleep. */
const settleMs = 300;
const lookMs = 200;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds of all cores since the machine started: computing, and in all. */
function coreTimes(): { busy: number; all: number } {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => {
    const busy = user + nice + sys + irq;
    return { busy, all: busy + idle };
  });
  return {
    busy: times.reduce((sum, { busy }) => sum + busy, 0),
    all: times.reduce((sum, { all }) => sum + all, 0),
  };
}

/** Whether the machine is idle now, while this process waits. */
async function machineIsQuiet(): Promise<boolean> {
  await sleep(settleMs);
  const before = coreTimes();
  await sleep(lookMs);
  const after = coreTimes();
  return after.busy - before.busy <= quietShare * (after.all - before.all);
}

export interface Quietly<T> {
  readonly result: T;
  /** Whether the machine was idle before and after; without patience nothing else is to be had. */
  readonly wasQuiet: boolean;
  /** What waiting and repeating took. */
  readonly patienceMs: number;
}

/**
 * Does the work when the machine is idle, and again where a neighbour came meanwhile.
 * @param patienceMs how long to try; then what there is has to do
 * @param isQuiet looks at the machine
 * @param isSound looks at the result, which may tell of a neighbour too
 */
export async function measureQuietly<T>(
  work: () => Promise<T>,
  patienceMs: number,
  isQuiet: () => Promise<boolean> = machineIsQuiet,
  isSound: (result: T) => boolean = () => true,
): Promise<Quietly<T>> {
  const start = performance.now();
  const end = start + patienceMs;
  for (;;) {
    let isIdle = await isQuiet();
    while (!isIdle && performance.now() < end) isIdle = await isQuiet();
    const begun = performance.now();
    const result = await work();
    const worked = performance.now() - begun;
    const wasQuiet = isIdle && isSound(result) && (await isQuiet());
    const now = performance.now();
    if (wasQuiet || now >= end) return { result, wasQuiet, patienceMs: now - start - worked };
  }
}
