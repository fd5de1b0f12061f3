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

/** Several rounds of timings as one. */
export interface Spread extends Summary {
  /** Lowest and highest median of a round: what neighbours and luck make of one number. */
  readonly lowest: number;
  readonly highest: number;
}

/** The median of the rounds' medians, and how far they lie apart. @param rounds at least one */
export function spreadOver(rounds: readonly Summary[]): Spread {
  const medians = rounds.map(({ median }) => median);
  return {
    median: summarise(medians).median,
    best: Math.min(...rounds.map(({ best }) => best)),
    lowest: Math.min(...medians),
    highest: Math.max(...medians),
  };
}
