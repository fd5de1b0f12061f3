/** What is said of repeated timings: best, median, and the middle half's spread. */

export interface Summary {
  readonly best: number;
  readonly median: number;
  /** 25th and 75th percentile. */
  readonly low: number;
  readonly high: number;
  readonly runs: number;
}

/** @param values at least one timing */
export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { best: sorted[0], median: at(0.5), low: at(0.25), high: at(0.75), runs: sorted.length };
}
