/** The paper's own figure 1b as curves (README.md beside the data says how they were read and how exact they are). */
import { type Curve, sortedCurve } from '../../../src/evaluate/curve.ts';
import digitised from './fig1b-curve.json' with { type: 'json' };

/** The evaluators the paper's figure 1b shows. */
export const paperEvaluators = ['train', 'icl', 'ciwl', 'flip'] as const;

type PaperEvaluator = (typeof paperEvaluators)[number];

/** The last sequence count the paper's figure shows. */
export const paperSequences = 20_000_000;

/** In-context accuracy over sequences seen, per evaluator, as the paper's figure 1b draws it. */
export function paperCurves(): Record<PaperEvaluator, Curve> {
  const curve = (evaluator: PaperEvaluator): Curve =>
    sortedCurve(
      digitised[evaluator]
        .filter(([sequences]) => sequences >= 0)
        .map(([sequences, value]) => ({ sequences, value })),
    );
  return { train: curve('train'), icl: curve('icl'), ciwl: curve('ciwl'), flip: curve('flip') };
}
