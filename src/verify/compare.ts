/** How golden numbers and ours are compared: the measures and tolerances of test/golden/README.md. Pure functions. */

/** Largest allowed errors, by group. */
export const tolerances = {
  logits: 2e-5,
  sites: 2e-5,
  gradients: 2e-5,
  losses: 1e-5,
  /** Everything under interventions. */
  interventions: 1e-4,
  /** Of the tensor's largest change since the start; no optimizer at all scores 1. */
  weights: 1e-2,
  exact: 0,
  /** Per element. */
  draws: 1e-6,
} as const;

/** Adam divides by gradients smaller than this fraction of the tensor's largest: such entries are left out. */
const smallestGradient = 1e-4;

export interface Comparison {
  /** What it is about, e.g. `gradients`, `weights after 5`. */
  readonly group: string;
  readonly tensor: string;
  /** In the group's measure; Infinity where ours is not a number or has another size. */
  readonly largestError: number;
  /** Flat index of the largest error; -1 where nothing differs. */
  readonly index: number;
  readonly tolerance: number;
  readonly ok: boolean;
}

type Id = Pick<Comparison, 'group' | 'tensor'>;

/** The largest of `error(i)`; NaN counts as Infinity. */
function largest(
  id: Id,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  error: (i: number) => number,
): Comparison {
  let largestError = 0;
  let index = -1;
  if (got.length !== expected.length) largestError = Infinity;
  else {
    for (let i = 0; i < expected.length; i++) {
      const value = error(i);
      const size = Number.isNaN(value) ? Infinity : value;
      if (size > largestError) [largestError, index] = [size, i];
    }
  }
  return { ...id, largestError, index, tolerance, ok: largestError <= tolerance };
}

/** 0 / 0 is no error. */
function ratio(error: number, scale: number): number {
  return error === 0 ? 0 : error / scale;
}

function largestMagnitude(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** Largest error over the tensor's largest magnitude: logits, sites, gradients, losses. */
export function compareToLargest(
  id: Id,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): Comparison {
  const scale = largestMagnitude(expected);
  return largest(id, got, expected, tolerance, (i) => ratio(Math.abs(got[i] - expected[i]), scale));
}

/** Largest error of an element over its own magnitude: random numbers and starting weights. */
export function compareElements(
  id: Id,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): Comparison {
  return largest(id, got, expected, tolerance, (i) =>
    ratio(Math.abs(got[i] - expected[i]), Math.abs(expected[i])),
  );
}

/**
 * Weights after some steps: largest error over the tensor's largest change since the start, leaving out entries with
 * 0 < |first gradient| < 1e-4 of the tensor's largest.
 */
export function compareWeights(
  id: Id,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  start: ArrayLike<number>,
  firstGradient: ArrayLike<number>,
): Comparison {
  const change = largestMagnitude(Array.from(expected, (value, i) => value - start[i]));
  const bound = smallestGradient * largestMagnitude(firstGradient);
  return largest(id, got, expected, tolerances.weights, (i) => {
    const gradient = Math.abs(firstGradient[i]);
    if (gradient > 0 && gradient < bound) return 0;
    return ratio(Math.abs(got[i] - expected[i]), change);
  });
}

export interface GroupSummary {
  readonly group: string;
  /** Tensors compared. */
  readonly tensors: number;
  /** The comparison nearest to its tolerance, or furthest beyond it. */
  readonly worst: Comparison;
  readonly ok: boolean;
}

/** One line per group, in the order in which groups first appear. */
export function summariseGroups(comparisons: readonly Comparison[]): GroupSummary[] {
  const groups = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const members = groups.get(comparison.group);
    if (members) members.push(comparison);
    else groups.set(comparison.group, [comparison]);
  }
  return [...groups].map(([group, members]) => ({
    group,
    tensors: members.length,
    worst: members.reduce((a, b) => (excess(b) > excess(a) ? b : a)),
    ok: members.every((member) => member.ok),
  }));
}

/** How far a comparison has used up its tolerance; failures come before everything that passes. */
function excess({ largestError, tolerance, ok }: Comparison): number {
  return ok ? ratio(largestError, tolerance) : 1 + largestError;
}
