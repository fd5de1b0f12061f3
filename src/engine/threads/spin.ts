/** Waiting by looking again and again: a thread that is asked within microseconds need not be woken. */

/** Tells the processor that this is a waiting loop; newer engines have it. */
const { pause } = Atomics as { pause?: () => void };
const looksPerClockReading = 32;

/**
 * Looks at a word until it is no longer `seen`, for at most so many microseconds.
 * @returns what it then is
 */
export function spinWhile(words: Int32Array, at: number, seen: number, microseconds: number): number {
  let value = Atomics.load(words, at);
  if (value !== seen || microseconds === 0) return value;
  const end = performance.now() + microseconds / 1000;
  do {
    for (let look = 0; look < looksPerClockReading; look++) {
      value = Atomics.load(words, at);
      if (value !== seen) return value;
      pause?.();
    }
  } while (performance.now() < end);
  return value;
}
