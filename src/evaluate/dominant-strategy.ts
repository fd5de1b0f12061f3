/** Which strategy rules at a moment of training (docs/specification.md, "Runs"): read off two evaluators, not off the weights. */

export const dominantStrategies = ['none', 'icl', 'ciwl'] as const;

export type DominantStrategy = (typeof dominantStrategies)[number];

/** Below this in-context accuracy on the training distribution no strategy rules yet. */
export const strategyFloor = 0.6;

/** Display names, as the papers write them. */
export const strategyNames: Readonly<Record<DominantStrategy, string>> = {
  none: 'none',
  icl: 'ICL',
  ciwl: 'CIWL',
};

/**
 * None while train in-context accuracy is below .6; then ICL where Flip is .5 or more, else CIWL.
 *
 * @param train in-context accuracy on the train evaluator, in [0, 1]
 * @param flip in-context accuracy on the Flip evaluator, in [0, 1]
 * @returns undefined where either is not a finite number: not measured is not the same as no strategy
 */
export function dominantStrategy(train: number, flip: number): DominantStrategy | undefined {
  if (!Number.isFinite(train) || !Number.isFinite(flip)) return undefined;
  if (train < strategyFloor) return 'none';
  return flip >= 0.5 ? 'icl' : 'ciwl';
}
