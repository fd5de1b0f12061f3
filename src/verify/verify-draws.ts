/** Checks our JAX random numbers and starting weights against golden ones: integers and uniform numbers exactly. */
import { normal, prngKey, randomBits, split, truncatedNormal, uniform } from '../engine/jax-random.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { type Comparison, compareElements, tolerances } from './compare.ts';
import type { GoldenDraws } from './golden-file.ts';

interface Draw {
  readonly group: string;
  readonly tolerance: number;
  /** As many numbers as the golden tensor has. */
  readonly make: (key: Uint32Array, count: number) => ArrayLike<number>;
}

/** By the letters a tensor's name starts with; what follows tells its size. */
const draws: Readonly<Record<string, Draw>> = {
  key: { group: 'random integers', tolerance: tolerances.exact, make: (key) => key },
  split: {
    group: 'random integers',
    tolerance: tolerances.exact,
    make: (key, count) => split(key, count / 2).flatMap((part) => [...part]),
  },
  bits: { group: 'random integers', tolerance: tolerances.exact, make: randomBits },
  uniform: {
    group: 'random uniform',
    tolerance: tolerances.exact,
    make: (key, count) => uniform(key, count),
  },
  normal: { group: 'random normal', tolerance: tolerances.draws, make: normal },
  truncatedNormal: { group: 'random normal', tolerance: tolerances.draws, make: truncatedNormal },
};

/** @returns one comparison per golden tensor; a kind of draw we do not know fails */
export function verifyDraws(golden: GoldenDraws): Comparison[] {
  const comparisons: Comparison[] = [];
  const key = prngKey(golden.seed);
  for (const [tensor, { values }] of golden.draws) {
    const kind = /^[a-zA-Z]+/.exec(tensor)?.[0] ?? '';
    const draw = Object.hasOwn(draws, kind) ? draws[kind] : undefined;
    const { group, tolerance } = draw ?? { group: 'random, unknown', tolerance: 0 };
    comparisons.push(
      compareElements({ group, tensor }, draw?.make(key, values.length) ?? [], values, tolerance),
    );
  }
  if (golden.weights.size > 0) {
    const parameters = initialiseParameters(golden.shape, golden.seed);
    for (const [tensor, values] of golden.weights) {
      const id = { group: 'starting weights', tensor };
      comparisons.push(compareElements(id, parameters.get(tensor) ?? [], values, tolerances.draws));
    }
  }
  return comparisons;
}
