/** One quantity over training: points in order of sequences seen, straight lines between them. Pure arithmetic, no model. */

export interface CurvePoint {
  /** Sequences seen before the evaluation. */
  readonly sequences: number;
  /** A mean over the evaluator's set, in [0, 1] for accuracies. */
  readonly value: number;
  /** Sequences the mean is over; absent where unknown (a digitised curve). */
  readonly n?: number;
}

/** Points in strictly increasing order of `sequences`, all values finite (`sortedCurve` makes one). */
export type Curve = readonly CurvePoint[];

/** In order of sequences, without points that are not finite; of two points at one place the later given one stays. */
export function sortedCurve(points: Iterable<CurvePoint>): Curve {
  const bySequences = new Map<number, CurvePoint>();
  for (const point of points) {
    if (Number.isFinite(point.sequences) && Number.isFinite(point.value))
      bySequences.set(point.sequences, point);
  }
  return [...bySequences.values()].sort((a, b) => a.sequences - b.sequences);
}

/** The value at a time, on the straight line between its neighbours; undefined outside the curve. */
export function valueAt(curve: Curve, sequences: number): number | undefined {
  const after = curve.findIndex((point) => point.sequences >= sequences);
  if (after < 0) return undefined;
  const right = curve[after];
  if (right.sequences === sequences) return right.value;
  if (after === 0) return undefined;
  const left = curve[after - 1];
  const share = (sequences - left.sequences) / (right.sequences - left.sequences);
  return left.value + share * (right.value - left.value);
}

/**
 * The mean of the points with `from <= sequences <= to`; where none falls in between, the value halfway.
 * Undefined where the curve does not reach the window.
 */
export function meanWithin(curve: Curve, from: number, to: number): number | undefined {
  const inside = curve.filter((point) => point.sequences >= from && point.sequences <= to);
  if (inside.length === 0) return valueAt(curve, (from + to) / 2);
  return inside.reduce((sum, point) => sum + point.value, 0) / inside.length;
}

/** The highest point from a time on (the first of equals); undefined where there is none. */
export function peakOf(curve: Curve, from = -Infinity): CurvePoint | undefined {
  let best: CurvePoint | undefined;
  for (const point of curve) {
    if (point.sequences >= from && (best === undefined || point.value > best.value)) best = point;
  }
  return best;
}

/** Where the straight line from one point to another passes a level. The two must lie on different sides, or on it. */
export function passesAt(left: CurvePoint, right: CurvePoint, level: number): number {
  if (right.value === left.value) return right.sequences;
  const share = (level - left.value) / (right.value - left.value);
  return left.sequences + share * (right.sequences - left.sequences);
}

/** When the curve first is at a level or above it, from a time on; undefined where it never is. */
export function firstAtLeast(curve: Curve, level: number, from = -Infinity): number | undefined {
  for (let i = 0; i < curve.length; i++) {
    if (curve[i].sequences < from || curve[i].value < level) continue;
    const before =
      i > 0 && curve[i - 1].value < level ? passesAt(curve[i - 1], curve[i], level) : curve[i].sequences;
    return Math.max(before, from);
  }
  return undefined;
}

/** Sequences seen at the curve's last point; undefined for an empty one. */
export function lastSequencesOf(curve: Curve): number | undefined {
  return curve.at(-1)?.sequences;
}
