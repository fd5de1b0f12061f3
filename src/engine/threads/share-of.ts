/** How work is split among threads. */

/** Begin and length of a share of `count` in whole pieces of `step`. */
export function shareOf(share: number, shares: number, count: number, step: number): [number, number] {
  const pieces = Math.ceil(count / step);
  const from = Math.min(count, Math.floor((share * pieces) / shares) * step);
  const to = Math.min(count, Math.floor(((share + 1) * pieces) / shares) * step);
  return [from, to - from];
}
