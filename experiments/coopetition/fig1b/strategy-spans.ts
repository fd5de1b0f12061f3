/** The dominant strategy over time, as spans of sequences: the strip under figure 1b. */
import { valueAt } from '../../../src/evaluate/curve.ts';
import { type DominantStrategy, dominantStrategy } from '../../../src/evaluate/dominant-strategy.ts';
import type { Fig1bCurves } from './series.ts';

export interface StrategySpan {
  readonly strategy: DominantStrategy;
  /** Sequences seen. */
  readonly from: number;
  readonly to: number;
}

/**
 * The strategy at each evaluation holds halfway to its neighbours; equal neighbours are one span. Only moments where
 * both train and Flip are known count, so a curve with a gap is bridged on the straight line over it.
 */
export function strategySpans(curves: Fig1bCurves): StrategySpan[] {
  const moments = curves.flip.flatMap(({ sequences, value }) => {
    const strategy = dominantStrategy(valueAt(curves.train, sequences) ?? Number.NaN, value);
    return strategy === undefined ? [] : [{ sequences, strategy }];
  });
  const spans: StrategySpan[] = [];
  moments.forEach(({ sequences, strategy }, i) => {
    const from = i === 0 ? sequences : (moments[i - 1].sequences + sequences) / 2;
    const to = i === moments.length - 1 ? sequences : (sequences + moments[i + 1].sequences) / 2;
    const last = spans.at(-1);
    if (last?.strategy === strategy) spans[spans.length - 1] = { ...last, to };
    else spans.push({ strategy, from, to });
  });
  return spans;
}
