/**
 * The four moments of figure 1b, found in a run's own curves (docs/specification.md, "Runs"; Coopetition, figure 1b, annotations
 * 1-4): Flip rises through .5, reaches its maximum, falls through .5, and CIWL is learnt.
 *
 * Flip starts at .5 and is measured over a finite set, so it touches .5 many times before anything happens. A rise
 * or a fall therefore counts only once the curve has gone past .5 by more than chance explains (three standard
 * errors); the moment is then the last passage of .5 before that.
 */
import { binomialStandardError } from './binomial.ts';
import { type Curve, firstAtLeast, passesAt, peakOf, valueAt } from './curve.ts';

export const momentNumbers = [1, 2, 3, 4] as const;

export type MomentNumber = (typeof momentNumbers)[number];

export interface Moment {
  readonly number: MomentNumber;
  readonly evaluator: 'flip' | 'ciwl';
  readonly sequences: number;
  readonly value: number;
}

/** Those that were found: a moment a run never reached is absent. */
export type Moments = Readonly<Partial<Record<MomentNumber, Moment>>>;

const half = 0.5;
/** Width of the band around .5 where n is unknown: three standard errors at n = 5,000, the papers' set size. */
const assumedSetSize = 5000;

function clearlyAbove(value: number, n = assumedSetSize): boolean {
  return value >= half + 3 * binomialStandardError(half, n);
}

function clearlyBelow(value: number, n = assumedSetSize): boolean {
  return value <= half - 3 * binomialStandardError(half, n);
}

/** The last passage of .5 (in the given direction) at or before `index`, looking back no further than `start`. */
function lastPassage(flip: Curve, start: number, index: number, rising: boolean): number | undefined {
  for (let i = index; i > start; i--) {
    const [left, right] = [flip[i - 1], flip[i]];
    const passes = rising
      ? left.value < half && right.value >= half
      : left.value >= half && right.value < half;
    if (passes) return passesAt(left, right, half);
  }
  return undefined;
}

/** When Flip first rises through .5 after its first dip below it; undefined where it never does so beyond noise. */
function flipRise(flip: Curve): number | undefined {
  const dip = flip.findIndex((point) => point.value < half);
  if (dip < 0) return undefined;
  const above = flip.findIndex((point, i) => i > dip && clearlyAbove(point.value, point.n));
  return above < 0 ? undefined : lastPassage(flip, dip, above, true);
}

/** When Flip first falls through .5 after its maximum; undefined where it never does so beyond noise. */
function flipFall(flip: Curve, peakSequences: number): number | undefined {
  const peak = flip.findIndex((point) => point.sequences === peakSequences);
  const below = flip.findIndex((point, i) => i > peak && clearlyBelow(point.value, point.n));
  return below < 0 ? undefined : lastPassage(flip, peak, below, false);
}

/**
 * The moments of one run.
 *
 * @param curves in-context accuracy of the Flip and the CIWL evaluator over training
 * @param ciwlLevel what CIWL must reach for moment 4: .95 at the paper's scale, .90 at the quick one
 */
export function findMoments(
  curves: { readonly flip: Curve; readonly ciwl: Curve },
  ciwlLevel: number,
): Moments {
  const found: Partial<Record<MomentNumber, Moment>> = {};
  const rise = flipRise(curves.flip);
  if (rise !== undefined) {
    found[1] = { number: 1, evaluator: 'flip', sequences: rise, value: half };
    const peak = peakOf(curves.flip, rise);
    if (peak !== undefined) {
      found[2] = { number: 2, evaluator: 'flip', sequences: peak.sequences, value: peak.value };
      const fall = flipFall(curves.flip, peak.sequences);
      if (fall !== undefined) found[3] = { number: 3, evaluator: 'flip', sequences: fall, value: half };
    }
  }
  const learnt = firstAtLeast(curves.ciwl, ciwlLevel);
  if (learnt !== undefined) {
    const value = valueAt(curves.ciwl, learnt) ?? ciwlLevel;
    found[4] = { number: 4, evaluator: 'ciwl', sequences: learnt, value };
  }
  return found;
}

/** What each moment is, in words; `ciwlLevel` as given to `findMoments`. */
export function momentDefinition(number: MomentNumber, ciwlLevel: number): string {
  switch (number) {
    case 1:
      return 'Flip first rises through .5';
    case 2:
      return "Flip's maximum after its rise";
    case 3:
      return 'Flip falls through .5';
    case 4:
      return `CIWL first reaches ${ciwlLevel.toFixed(2).replace(/^0/, '')}`;
  }
}
