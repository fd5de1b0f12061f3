/**
 * The shared memory through which threads drive each other: words that are waited on, each in a cache line of its own,
 * the numbers that go with a task, and what a thread that failed had to say.
 */

/** Int32 words of one cache line. */
const lineWords = 16;

/** Places of the words; a member's own follow, one line each. */
export const places = {
  /** Counts tasks; a task begins when it changes. Which one, and in how many shares, stands beside it. */
  epoch: 0,
  task: 1,
  shares: 2,
  /** Members asleep on the epoch, to be woken. */
  sleepers: lineWords,
  /** 1 while the first thread sleeps until more shares are finished. */
  firstSleeps: 2 * lineWords,
  /** `states`; what failed is the member's number, and how many bytes it said. */
  state: 3 * lineWords,
  failedMember: 3 * lineWords + 1,
  messageBytes: 3 * lineWords + 2,
  /** How many shares of the present task nobody has begun (`crew.ts`). */
  claim: 4 * lineWords,
  /** Shares of the present task that are done. */
  finished: 5 * lineWords,
} as const;

export const states = { working: 0, ended: 1, failing: 2, failed: 3 } as const;

/** More than any task takes. */
const mostValues = 32;
const mostMessageBytes = 2048;
const firstMemberLine = 6;

export class ControlBlock {
  readonly buffer: SharedArrayBuffer;
  /** Threads, the first included. */
  readonly threads: number;
  readonly words: Int32Array;
  /** What the present task was called with. */
  readonly values: Float64Array;
  readonly #message: Uint8Array;

  /** @param buffer of another thread's block, to join it */
  constructor(threads: number, buffer?: SharedArrayBuffer) {
    const wordBytes = 4 * lineWords * (firstMemberLine + threads);
    this.threads = threads;
    this.buffer = buffer ?? new SharedArrayBuffer(wordBytes + 8 * mostValues + mostMessageBytes);
    this.words = new Int32Array(this.buffer, 0, wordBytes / 4);
    this.values = new Float64Array(this.buffer, wordBytes, mostValues);
    this.#message = new Uint8Array(this.buffer, wordBytes + 8 * mostValues);
  }

  /** The word that is 1 while a member (0 .. threads - 1) does a share. */
  busyOf(member: number): number {
    return lineWords * (firstMemberLine + member);
  }

  /** The member that does a share, the first thread not counted; 1 where it is not known. */
  busyMember(): number {
    for (let member = 1; member < this.threads; member++)
      if (Atomics.load(this.words, this.busyOf(member)) === 1) return member;
    return 1;
  }

  /** Ends everything with an error; the first to call it is heard. Whoever waits is woken. */
  fail(member: number, message: string): void {
    const { words } = this;
    const before = Atomics.compareExchange(words, places.state, states.working, states.failing);
    if (before !== states.working) return;
    const { written } = new TextEncoder().encodeInto(message, this.#unshared);
    this.#message.set(this.#unshared);
    Atomics.store(words, places.failedMember, member);
    Atomics.store(words, places.messageBytes, written);
    Atomics.store(words, places.state, states.failed);
    this.wakeAll();
  }

  wakeAll(): void {
    Atomics.notify(this.words, places.epoch);
    Atomics.notify(this.words, places.finished);
  }

  /** Who failed and why, or undefined. */
  failure(): { member: number; message: string } | undefined {
    if (Atomics.load(this.words, places.state) !== states.failed) return undefined;
    const bytes = this.#message.slice(0, Atomics.load(this.words, places.messageBytes));
    this.#unshared.set(bytes);
    const message = new TextDecoder().decode(this.#unshared.subarray(0, bytes.length));
    return { member: Atomics.load(this.words, places.failedMember), message };
  }

  /** Text is coded in memory of one's own: not every encoder takes shared memory. */
  readonly #unshared = new Uint8Array(mostMessageBytes);
}
