/**
 * Threads that share the work of an engine. Every thread builds the same model on the same memory, so each knows the
 * same tasks under the same numbers. The first thread calls a task; it and whichever members are awake take one share
 * after the other, until none is left; the call returns when all are done. Shares are disjoint and what they add up is
 * fixed by the shape (`unembedding.ts`), so neither their number nor who does them changes a bit; and where the machine
 * is busy with something else, the first thread waits for nobody who has not begun.
 *
 * Until members join, and on a thread that is not the first, a task is a plain call.
 */
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import type { SharedWork, Task } from '../kernels.ts';
import { type ControlBlock, places, states } from './control-block.ts';
import { spinWhile } from './spin.ts';

export interface CrewSettings {
  /** How long a thread looks before it sleeps; 0 where there are more threads than cores. */
  readonly spinMicroseconds: number;
  /** Operations of one call of a kernel below which it is not shared: waking the others would cost more. */
  readonly leastOperations: number;
  /** A member that does not finish its share is told of after so long, and given up after so long. */
  readonly warnAfterMs: number;
  readonly failAfterMs: number;
  readonly onSilence?: ((thread: number, seconds: number) => void) | undefined;
}

/** A wait is made of such pieces and time is counted in them: a process that was stopped has not waited meanwhile. */
const sliceMs = 100;
/** The claim word is the epoch and how many shares are left: who comes late to a task claims nothing of the next. */
const shareBits = 8;
const epochMask = 0xffffff;
const mostShares = (1 << shareBits) - 1;

export class Crew {
  readonly #works: SharedWork[] = [];
  readonly #shares: (number | undefined)[] = [];
  #control: ControlBlock | undefined;
  #settings: CrewSettings | undefined;
  #inside = false;

  /** How many tasks are known: threads that built the same model know the same. */
  get tasks(): number {
    return this.#works.length;
  }

  /** Whether a task called now would be shared: there are other threads, and no task is under way. */
  get isOpen(): boolean {
    return this.#control !== undefined && !this.#inside;
  }

  /** Whether so many multiplications, or as simple operations, are better shared than done here. */
  isWorth(operations: number): boolean {
    return this.isOpen && operations >= this.#settings!.leastOperations;
  }

  /** @see Kernels.task */
  task(work: SharedWork, shares?: number): Task {
    const index = this.#works.push(work) - 1;
    this.#shares.push(shares);
    const besides = (other: (() => void) | undefined, ...values: number[]) => {
      if (this.isOpen) this.#run(index, other, values);
      else work(0, 1, values);
    };
    return Object.assign((...values: number[]) => besides(undefined, ...values), { besides });
  }

  /** From now on tasks are shared with members that serve the same block. */
  open(control: ControlBlock, settings: CrewSettings): void {
    this.#control = control;
    this.#settings = settings;
  }

  /** Tells the members to end; tasks are plain calls again. */
  close(): void {
    if (!this.#control) return;
    const { words } = this.#control;
    Atomics.compareExchange(words, places.state, states.working, states.ended);
    Atomics.add(words, places.epoch, 1);
    this.#control.wakeAll();
    this.#control = undefined;
  }

  #run(task: number, other: (() => void) | undefined, values: readonly number[]): void {
    const control = this.#control!;
    const { words, threads } = control;
    this.#assertSound(control);
    const shares = Math.min(this.#shares[task] ?? threads, mostShares);
    const epoch = (words[places.epoch] + 1) & epochMask;
    control.values.set(values);
    words[places.task] = task;
    words[places.shares] = shares;
    Atomics.store(words, places.finished, 0);
    Atomics.store(words, places.claim, (epoch << shareBits) | shares);
    Atomics.store(words, places.epoch, epoch);
    if (Atomics.load(words, places.sleepers) > 0) Atomics.notify(words, places.epoch);
    this.#inside = true;
    try {
      other?.();
      this.#work(control, epoch, 0);
    } finally {
      // Also when a share failed here: nothing may still be writing when the error is heard.
      this.#awaitShares(control, shares);
      this.#inside = false;
    }
    this.#assertSound(control);
  }

  /** Takes shares of the present task until none is left. */
  #work(control: ControlBlock, epoch: number, member: number): void {
    const { words, values } = control;
    for (;;) {
      const claim = Atomics.load(words, places.claim);
      const left = claim & mostShares;
      // Nothing else may be read before a claim: the task may be over, and the next one be written.
      if (claim >>> shareBits !== epoch || left === 0) return;
      if (Atomics.compareExchange(words, places.claim, claim, claim - 1) !== claim) continue;
      words[control.busyOf(member)] = 1;
      try {
        this.#works[words[places.task]](left - 1, words[places.shares], values);
      } catch (error) {
        if (member > 0) control.fail(member, error instanceof Error ? error.message : String(error));
        else dropTheRest(words, epoch);
        throw error;
      } finally {
        words[control.busyOf(member)] = 0;
        Atomics.add(words, places.finished, 1);
      }
      if (Atomics.load(words, places.firstSleeps) !== 0) Atomics.notify(words, places.finished);
    }
  }

  #awaitShares(control: ControlBlock, shares: number): void {
    const { words } = control;
    const { spinMicroseconds, warnAfterMs, failAfterMs, onSilence } = this.#settings!;
    let waitedMs = 0;
    for (;;) {
      let finished = Atomics.load(words, places.finished);
      if (finished === shares || Atomics.load(words, places.state) === states.failed) return;
      finished = spinWhile(words, places.finished, finished, waitedMs === 0 ? spinMicroseconds : 0);
      if (finished === shares) return;
      Atomics.store(words, places.firstSleeps, 1);
      const end = Atomics.wait(words, places.finished, finished, sliceMs);
      Atomics.store(words, places.firstSleeps, 0);
      if (end !== 'timed-out') continue;
      waitedMs += sliceMs;
      if (waitedMs === warnAfterMs) onSilence?.(control.busyMember() + 1, waitedMs / 1000);
      if (waitedMs >= failAfterMs)
        control.fail(control.busyMember(), `no sign of it for ${waitedMs / 1000} s`);
    }
  }

  #assertSound(control: ControlBlock): void {
    const failure = control.failure();
    if (!failure) return;
    throw new LabError(
      `engine: thread ${failure.member + 1} of ${control.threads} failed: ${failure.message}; start it again: a run that ` +
        'saves goes on from its last checkpoint, and with --threads 1 (threads: 1 in a program) it needs no others',
      exitCodes.crash,
    );
  }

  /**
   * Takes shares of every task that the first thread calls, until it closes the crew.
   * @param member 1 .. threads - 1
   * @throws whatever a task throws, once the others know of it
   */
  serve(control: ControlBlock, member: number, spinMicroseconds: number): void {
    const { words } = control;
    let epoch = 0;
    for (;;) {
      epoch = this.#awaitEpoch(words, epoch, spinMicroseconds);
      if (Atomics.load(words, places.state) !== states.working) return;
      this.#work(control, epoch, member);
    }
  }

  #awaitEpoch(words: Int32Array, seen: number, spinMicroseconds: number): number {
    let epoch = spinWhile(words, places.epoch, seen, spinMicroseconds);
    if (epoch !== seen) return epoch;
    Atomics.add(words, places.sleepers, 1);
    while ((epoch = Atomics.load(words, places.epoch)) === seen) Atomics.wait(words, places.epoch, seen);
    Atomics.sub(words, places.sleepers, 1);
    return epoch;
  }
}

/** What nobody has begun of the present task counts as finished. */
function dropTheRest(words: Int32Array, epoch: number): void {
  const claim = Atomics.exchange(words, places.claim, epoch << shareBits);
  Atomics.add(words, places.finished, claim & mostShares);
}
