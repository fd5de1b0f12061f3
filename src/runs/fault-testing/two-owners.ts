/** Two processes that want one run: only one may write. */
import { CounterRandom } from '../../engine/counter-random.ts';
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import { Ownership } from '../ownership.ts';
import { fakeFolder as folder, fakeMachine, lateClock, tickingClock } from '../testing.ts';
import { attemptSession, type Bench, checkTrace, emptyDisk, hold } from './promises.ts';

const stream = 0x7003;

/** Starts at the same moment, their operations mixed anew each time. @throws {BrokenPromise} */
export async function checkSimultaneousStarts(bench: Bench, rounds: number): Promise<void> {
  const random = new CounterRandom(bench.seed, stream);
  for (let round = 0; round < rounds; round++) {
    const { disk } = emptyDisk();
    await disk.makeDirectory(folder);
    disk.intercept(async () => {
      for (let turns = random.below(7); turns > 0; turns--) await Promise.resolve();
    });
    const machine = fakeMachine();
    const takes = [1, 2, 3].map((pid) =>
      Ownership.take({
        storage: bench.view(disk),
        folder,
        processes: machine.process(pid),
        now: () => 1e12,
      }),
    );
    const starts = await Promise.allSettled(takes);
    const owners = starts.filter(({ status }) => status === 'fulfilled').length;
    hold('one writer', owners === 1, () => `${owners} owners in round ${round}`);
  }
}

/** An owner that stalls long enough to be taken over, then goes on. @throws {BrokenPromise} */
export async function checkStalledOwner(bench: Bench, pauses: number): Promise<void> {
  const state = { ...emptyDisk(), story: `stalled at pause ${pauses}` };
  const gate = Promise.withResolvers<void>();
  const stalled = Promise.withResolvers<void>();
  let left = pauses;
  const pause = () => {
    if (--left !== 0) return Promise.resolve();
    stalled.resolve();
    return gate.promise;
  };
  const first = attemptSession(bench, state, { clock: { ...tickingClock(), pause } });
  await stalled.promise;
  const machine = fakeMachine();
  const second = await attemptSession(bench, state, {
    clock: lateClock(),
    processes: machine.process(2),
  });
  hold('one writer', second.result?.outcome === 'finished', () => `no takeover: ${String(second.error)}`);
  const names = await state.disk.list(folder);
  gate.resolve();
  const { error } = await first;
  const isTold = error instanceof LabError && error.exitCode === exitCodes.stoppedResumable;
  hold('one writer', isTold, () => `the one that was taken over went on: ${String(error)}; ${state.story}`);
  const after = await state.disk.list(folder);
  hold('one writer', String(after) === String(names), () => `it wrote: ${after.join(' ')}; ${state.story}`);
  await checkTrace(bench, state.disk, state.story);
}
