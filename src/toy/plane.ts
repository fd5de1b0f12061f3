/**
 * The plane a vector stays in. Every gradient of a toy loss with respect to a vector x is s x - t x*, with numbers s and
 * t: under gradient descent the free entries of x never leave the plane of their start and their target. Two
 * coordinates, along the target and across it, therefore hold the whole vector exactly, and a step costs a few
 * operations whatever its length. `tensor-reference.ts` does the same with all entries, for comparison.
 *
 * + - * / and square root only: the same bits on every JavaScript engine.
 */
import type { ToyStart } from './toy-start.ts';

export interface Plane {
  /** |x*|^2 of the clamped entries, which stay there. */
  readonly held: number;
  /** |x*| of the free entries. */
  readonly reach: number;
  /** Unit vectors of the free entries: along their target, and across it towards the start. Zero where there is none. */
  readonly along: Float64Array;
  readonly across: Float64Array;
  /** Coordinates of the start. */
  readonly u: number;
  readonly v: number;
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** @param clamped so many first entries are clamped */
export function planeOf({ target, start }: ToyStart, clamped: number): Plane {
  const heldTarget = target.subarray(0, clamped);
  const [freeTarget, free] = [target.subarray(clamped), start.subarray(clamped)];
  const reach = Math.sqrt(dot(freeTarget, freeTarget));
  const along = freeTarget.map((entry) => (reach === 0 ? 0 : entry / reach));
  const u = dot(along, free);
  const across = free.map((entry, i) => entry - u * along[i]);
  const v = Math.sqrt(dot(across, across));
  return {
    held: dot(heldTarget, heldTarget),
    reach,
    along,
    across: across.map((entry) => (v === 0 ? 0 : entry / v)),
    u,
    v,
  };
}

/** All entries of the vector at coordinates (u, v). */
export function vectorAt({ target }: ToyStart, plane: Plane, u: number, v: number): Float64Array {
  const clamped = target.length - plane.along.length;
  const entries = target.slice();
  for (let i = 0; i < plane.along.length; i++) {
    entries[clamped + i] = u * plane.along[i] + v * plane.across[i];
  }
  return entries;
}
