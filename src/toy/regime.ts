/** Which regime of strategy racing a run shows: what becomes of mechanism 1. Thresholds: `events.ts`. */
import { formedShare } from './events.ts';
import type { ToyRun } from './toy-run.ts';

/**
 * - noEscape: neither mechanism formed within the steps
 * - stays: mechanism 1 formed and was not lost before the end, and mechanism 2 was not there
 * - both: the same, and mechanism 2 was there
 * - transient: mechanism 1 formed and was lost again
 * - secondAtOnce: mechanism 2 formed, mechanism 1 never
 * - diverges: the rate is too large, so that the loss stops being a number
 */
export const regimes = ['noEscape', 'stays', 'both', 'transient', 'secondAtOnce', 'diverges'] as const;

export type Regime = (typeof regimes)[number];

export function regimeOf({ divergedAt, mechanisms: [first, second], final, untrained }: ToyRun): Regime {
  if (divergedAt !== null) return 'diverges';
  if (first.formed === null) return second.formed === null ? 'noEscape' : 'secondAtOnce';
  if (first.lost !== null) return 'transient';
  return final.mechanisms[1] <= formedShare * untrained[1] ? 'both' : 'stays';
}
