/**
 * Which stream of the counter-based generator serves which purpose of the data layer. Two purposes never share a
 * stream, so that equal seeds for training and evaluation do not draw equal sequences. Numbers are part of what a seed
 * means: never change one.
 */
export const dataStreams = {
  trainSequences: 0x1000,
  trainNoise: 0x1001,
  /** Evaluator e draws from `evaluators + e`, e the number in `evaluator-sets.ts`. */
  evaluators: 0x1100,
  /** Example sequences that are shown, never trained or evaluated on; distribution d draws from `examples + d`. */
  examples: 0x1200,
} as const;
