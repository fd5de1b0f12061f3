/** How far chance alone moves an accuracy over n sequences: binomial standard errors and intervals. */

/** Normal quantile of a two-sided 95% interval. */
const z95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The standard error of the mean of n outcomes that are 1 with probability p, else 0. */
export function binomialStandardError(p: number, n: number): number {
  return Math.sqrt((p * (1 - p)) / n);
}

/**
 * Wilson's 95% interval for an accuracy measured as `mean` over `n` sequences. Unlike the mean plus or minus two
 * standard errors it stays within [0, 1] and keeps a width at 0 and 1, where IWL and a finished Flip lie.
 */
export function wilsonInterval(mean: number, n: number): Interval {
  const square = z95 * z95;
  const centre = (mean + square / (2 * n)) / (1 + square / n);
  const half = (z95 / (1 + square / n)) * Math.sqrt((mean * (1 - mean)) / n + square / (4 * n * n));
  return {
    low: Math.max(0, Math.min(mean, centre - half)),
    high: Math.min(1, Math.max(mean, centre + half)),
  };
}
