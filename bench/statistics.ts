/** What is said of repeated timings. */

export interface Summary {
  readonly best: number;
  readonly median: number;
}

/** @param values at least one timing */
export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  return { best: sorted[0], median: sorted[sorted.length >> 1] };
}
