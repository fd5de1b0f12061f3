/** Pearson's chi-square: how far observed counts lie from a distribution. The statistical tests of this folder use it. */

/**
 * The statistic in standard deviations above its mean under the distribution. With expected counts above some 5 it is
 * nearly normal: beyond 5, the counts do not come from that distribution.
 * @param counts how often each outcome was seen
 * @param probabilities of the outcomes, summing to 1; an outcome of probability 0 that was seen gives Infinity
 */
export function chiSquareDeviations(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let statistic = 0;
  let degrees = -1;
  for (let i = 0; i < counts.length; i++) {
    const expected = total * probabilities[i];
    if (expected === 0) {
      if (counts[i] > 0) return Infinity;
      continue;
    }
    statistic += (counts[i] - expected) ** 2 / expected;
    degrees++;
  }
  return degrees > 0 ? (statistic - degrees) / Math.sqrt(2 * degrees) : 0;
}
