/** The paper's own figure 13a as curves (README.md beside the data says how they were read and how exact they are). */
import { type Curve, sortedCurve } from '../../../src/evaluate/curve.ts';
import digitised from './fig13a-curves.json' with { type: 'json' };

/** In-context accuracy of the model of one block over sequences seen. */
export function paperFig13aCurves(): Readonly<Record<'icl' | 'ciwl' | 'flip', Curve>> {
  const curve = (points: readonly (readonly number[])[]) =>
    sortedCurve(points.map(([sequences, value]) => ({ sequences, value })));
  return { icl: curve(digitised.icl), ciwl: curve(digitised.ciwl), flip: curve(digitised.flip) };
}
