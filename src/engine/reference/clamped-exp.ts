/** The exponential of every kernel: its argument is cut at -87, so that a float32 never becomes denormal. NaN stays. */
export function clampedExp(x: number): number {
  return Number.isNaN(x) ? x : Math.exp(Math.max(x, -87));
}
