/**
 * Random numbers as a pure function of (seed, stream, step, index): any draw can be made again at any time, on any
 * machine, in any order. Used for data order and evaluator sets; weights use `jax-random.ts`.
 */
import { threefry2x32 } from './threefry.ts';

/** Draws in order from one (seed, stream, step); `start(step)` rewinds to index 0 of a step. */
export class CounterRandom {
  readonly #key = new Uint32Array(2);
  readonly #words = new Uint32Array(2);
  #step = 0;
  #index = 0;
  #spare = false;

  /** @param seed any safe integer >= 0. @param stream a small integer naming the purpose of the draws. */
  constructor(seed: number, stream: number) {
    threefry2x32(Math.floor(seed / 2 ** 32), seed >>> 0, 0x69636c61, stream, this.#key);
  }

  /** Goes to the first draw of a step (a safe integer below 2^32). */
  start(step: number): void {
    this.#step = step;
    this.#index = 0;
    this.#spare = false;
  }

  /** Next unsigned 32-bit integer. */
  bits(): number {
    if (this.#spare) {
      this.#spare = false;
      return this.#words[1];
    }
    threefry2x32(this.#key[0], this.#key[1], this.#step, this.#index++, this.#words);
    this.#spare = true;
    return this.#words[0];
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /**
   * Uniform integer in [0, bound), exactly uniform (Lemire's multiply with rejection).
   * @param bound 1..2^32
   */
  below(bound: number): number {
    const reject = bound < 2 ** 32 ? (2 ** 32 - bound) % bound : 0;
    for (;;) {
      const bits = this.bits();
      // bits * bound < 2^64 does not fit a double: split the product in 16-bit halves of `bits`.
      const low = (bits & 0xffff) * bound;
      const high = (bits >>> 16) * bound + Math.floor(low / 65536);
      const fraction = ((high % 65536) * 65536 + (low % 65536)) >>> 0;
      if (fraction >= reject) return Math.floor(high / 65536);
    }
  }
}
