/** How two quantities of the same things go together: their correlation, and how far they differ. */
import { mean } from '../mechanism/attention-tables.ts';

export interface Agreement {
  /** Pearson's r; NaN where one does not vary. */
  readonly correlation: number;
  /** Root of the mean square of their difference. */
  readonly difference: number;
}

export function agreementOf(xs: readonly number[], ys: readonly number[]): Agreement {
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const products = (a: readonly number[], b: readonly number[], ma: number, mb: number) =>
    mean(a.map((value, i) => (value - ma) * (b[i] - mb)));
  const spread = Math.sqrt(products(xs, xs, meanX, meanX) * products(ys, ys, meanY, meanY));
  return {
    correlation: products(xs, ys, meanX, meanY) / spread,
    difference: Math.sqrt(mean(xs.map((value, i) => (value - ys[i]) ** 2))),
  };
}
