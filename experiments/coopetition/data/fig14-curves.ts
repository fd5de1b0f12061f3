/** The paper's own figure 14 as curves (README.md beside the data says how they were read and how exact they are). */
import type { LabelTarget } from '../../../src/analyse/attention-readouts.ts';
import { type Curve, sortedCurve } from '../../../src/evaluate/curve.ts';
import digitised from './fig14-curves.json' with { type: 'json' };

/** The heads of the first block whose curves could be read, counted from 0. */
export const paperFig14Heads = ['1', '4', '7'] as const;

export function paperFig14Curve(
  target: LabelTarget,
  evaluator: 'train' | 'icl' | 'ciwl' | 'flip',
  head: (typeof paperFig14Heads)[number],
): Curve {
  const points: readonly (readonly number[])[] = digitised[target][evaluator][head];
  return sortedCurve(points.map(([sequences, value]) => ({ sequences, value })));
}
