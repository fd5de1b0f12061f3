/**
 * Where a toy run starts: targets and starts of its vectors, drawn from a seed as the authors' notebook draws them with
 * JAX 0.4 (threefry2x32, non-partitionable; docs/specification.md, "Toy model").
 */
import { normal, prngKey, split } from '../engine/jax-random.ts';
import type { ToyModel } from './toy-model.ts';

/** Entries of one vector, and those it should have; of equal length. */
export interface ToyStart {
  readonly target: Float64Array;
  readonly start: Float64Array;
}

/**
 * For each vector in its order: key, sub = split(key); k1, k2 = split(sub); target = normal(k1), start = normal(k2),
 * float32 numbers. Clamped entries of a start are those of its target.
 * @param seed an integer from 0 to 2^32 - 1
 */
export function drawStarts({ vectors }: ToyModel, seed: number): ToyStart[] {
  let key = prngKey(seed);
  return vectors.map(({ dim, clamped }) => {
    const [next, sub] = split(key);
    key = next;
    const [targetKey, startKey] = split(sub);
    const target = Float64Array.from(normal(targetKey, dim));
    const start = Float64Array.from(normal(startKey, dim));
    start.set(target.subarray(0, clamped));
    return { target, start };
  });
}
