/** Places for labels that want to stand at given heights but must not overlap. */

/**
 * Positions at least `gap` apart and within `[low, high]`, as near as possible (least squares) to the wanted ones and
 * in their order. The answer stands in the order of `wanted`. Where `[low, high]` is too short for all, they are spread
 * over it evenly.
 */
export function dodge(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const count = wanted.length;
  const spacing = count > 1 ? Math.min(gap, (high - low) / (count - 1)) : 0;
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  // With the spacing subtracted, "apart" becomes "not decreasing": isotonic regression by pooling neighbours.
  const pools: { sum: number; size: number }[] = [];
  order.forEach((index, place) => {
    pools.push({ sum: wanted[index] - place * spacing, size: 1 });
    while (pools.length > 1) {
      const [before, last] = pools.slice(-2);
      if (before.sum / before.size <= last.sum / last.size) break;
      pools.splice(-2, 2, { sum: before.sum + last.sum, size: before.size + last.size });
    }
  });
  const placed = new Array<number>(count);
  let place = 0;
  for (const pool of pools) {
    const level = Math.min(Math.max(pool.sum / pool.size, low), high - (count - 1) * spacing);
    for (let i = 0; i < pool.size; i++, place++) placed[order[place]] = level + place * spacing;
  }
  return placed;
}
