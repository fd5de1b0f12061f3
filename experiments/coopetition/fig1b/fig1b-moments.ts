/** The moments of figure 1b in a run's curves and in the paper's, with what CIWL must reach for moment 4. */
import { findMoments, type Moments } from '../../../src/evaluate/moments.ts';
import type { RunScale } from '../scale.ts';
import { type Fig1bCurves, paperFig1bCurves } from './series.ts';

/** In-context accuracy CIWL must reach for moment 4 (docs/specification.md, "Runs"). */
const momentFourLevel: Readonly<Record<RunScale, number>> = { smoke: 0.9, quick: 0.9, paper: 0.95, own: 0.9 };

export interface MomentsFound {
  readonly moments: Moments;
  readonly ciwlLevel: number;
}

export function fig1bMoments(curves: Fig1bCurves, scale: RunScale): MomentsFound {
  const ciwlLevel = momentFourLevel[scale];
  return { moments: findMoments(curves, ciwlLevel), ciwlLevel };
}

/** The paper's, with CIWL's level of a scale; without one its own. Found on its digitised curves by the same code. */
export function paperMoments(scale: RunScale = 'paper'): MomentsFound {
  return fig1bMoments(paperFig1bCurves(), scale);
}
