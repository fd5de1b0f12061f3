/** Which class stands at which place of one sequence, and why it stands there (docs/specification.md, "Data"). */
import type { CounterRandom } from '../engine/counter-random.ts';
import type { ClassLaw } from './class-law.ts';
import { ClassSet } from './class-set.ts';
import { placeKinds, type SequenceBatch } from './sequence-batch.ts';
import { hasDistractor, type SequenceDistribution } from './sequence-distribution.ts';

/** Fills classes and kinds of one sequence at a time; keeps the scratch space that takes. */
export class ClassSampler {
  readonly #avoided: ClassSet;

  constructor(classes: number) {
    this.#avoided = new ClassSet(classes);
  }

  /**
   * Draws the query's class, the distractor's, the rest places' in turn, then shuffles the context.
   * @param at first cell of the sequence in the batch's arrays
   */
  fill(
    random: CounterRandom,
    distribution: SequenceDistribution,
    law: ClassLaw,
    batch: SequenceBatch,
    at: number,
  ): void {
    const { classes, kinds, contextPairs } = batch;
    const { burstiness } = distribution;
    const queryAt = at + contextPairs;
    const queryClass = law.draw(random);
    classes[queryAt] = queryClass;
    kinds[queryAt] = placeKinds.query;
    let next = at;
    for (let i = 0; i < burstiness; i++, next++) {
      classes[next] = queryClass;
      kinds[next] = placeKinds.burst;
    }
    let distractorClass = queryClass;
    if (hasDistractor(distribution)) {
      distractorClass = law.drawOther(random, queryClass);
      for (let i = 0; i < burstiness; i++, next++) {
        classes[next] = distractorClass;
        kinds[next] = placeKinds.distractor;
      }
    }
    if (next < queryAt) {
      const avoids = distribution.noSupport || distribution.uniqueRest;
      if (avoids) {
        this.#avoided.clear();
        this.#avoided.add(queryClass);
        this.#avoided.add(distractorClass);
      }
      for (; next < queryAt; next++) {
        const drawn = avoids ? law.drawOutside(random, this.#avoided) : law.draw(random);
        if (distribution.uniqueRest) this.#avoided.add(drawn);
        classes[next] = drawn;
        kinds[next] = placeKinds.rest;
      }
    }
    shuffleContext(random, batch, at);
  }
}

/** Fisher-Yates over the context places of one sequence. */
function shuffleContext(
  random: CounterRandom,
  { classes, kinds, contextPairs }: SequenceBatch,
  at: number,
): void {
  for (let last = contextPairs - 1; last > 0; last--) {
    const a = at + last;
    const b = at + random.below(last + 1);
    const classAtA = classes[a];
    classes[a] = classes[b];
    classes[b] = classAtA;
    const kindAtA = kinds[a];
    kinds[a] = kinds[b];
    kinds[b] = kindAtA;
  }
}
