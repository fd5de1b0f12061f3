/**
 * The distribution over classes that places draw from: uniform, or Zipf (docs/specification.md, "Data"), over rows
 * 0 .. classes - 1. A draw that has to avoid some classes has the distribution renormalised over the others.
 */
import type { CounterRandom } from '../engine/counter-random.ts';
import { pow } from '../engine/elementary.ts';
import { AliasTable } from './alias-table.ts';
import type { ClassSet } from './class-set.ts';

export interface ClassLaw {
  /** One class. */
  draw(random: CounterRandom): number;
  /** One class other than `avoided`; there must be one. */
  drawOther(random: CounterRandom, avoided: number): number;
  /** One class outside the set; there must be one. */
  drawOutside(random: CounterRandom, avoided: ClassSet): number;
}

/**
 * Draws that fall on avoided classes are repeated this often; after that the renormalised distribution is walked
 * through class by class. The outcome's distribution is the same either way, and no config can make a draw hang.
 */
const maxRejections = 64;

/** @param exponent 0 for uniform classes, else Zipf's `p ~ (row + 1)^-exponent`. */
export function createClassLaw(classes: number, exponent: number): ClassLaw {
  return exponent === 0 ? new UniformClasses(classes) : new ZipfClasses(classes, exponent);
}

class UniformClasses implements ClassLaw {
  readonly #classes: number;

  constructor(classes: number) {
    this.#classes = classes;
  }

  draw(random: CounterRandom): number {
    return random.below(this.#classes);
  }

  drawOther(random: CounterRandom, avoided: number): number {
    const drawn = random.below(this.#classes - 1);
    return drawn < avoided ? drawn : drawn + 1;
  }

  drawOutside(random: CounterRandom, avoided: ClassSet): number {
    for (let attempt = 0; attempt < maxRejections; attempt++) {
      const drawn = random.below(this.#classes);
      if (!avoided.has(drawn)) return drawn;
    }
    let left = 0;
    for (let row = 0; row < this.#classes; row++) if (!avoided.has(row)) left++;
    let skip = random.below(left);
    let row = 0;
    for (; ; row++) {
      if (avoided.has(row)) continue;
      if (skip-- === 0) return row;
    }
  }
}

class ZipfClasses implements ClassLaw {
  readonly #weights: Float64Array;
  readonly #table: AliasTable;

  constructor(classes: number, exponent: number) {
    this.#weights = Float64Array.from({ length: classes }, (_, row) => pow(row + 1, -exponent));
    this.#table = new AliasTable(this.#weights);
  }

  draw(random: CounterRandom): number {
    return this.#table.draw(random);
  }

  drawOther(random: CounterRandom, avoided: number): number {
    for (let attempt = 0; attempt < maxRejections; attempt++) {
      const drawn = this.#table.draw(random);
      if (drawn !== avoided) return drawn;
    }
    return this.#walk(random, (row) => row === avoided);
  }

  drawOutside(random: CounterRandom, avoided: ClassSet): number {
    for (let attempt = 0; attempt < maxRejections; attempt++) {
      const drawn = this.#table.draw(random);
      if (!avoided.has(drawn)) return drawn;
    }
    return this.#walk(random, (row) => avoided.has(row));
  }

  #walk(random: CounterRandom, isAvoided: (row: number) => boolean): number {
    let total = 0;
    for (let row = 0; row < this.#weights.length; row++) if (!isAvoided(row)) total += this.#weights[row];
    let left = random.uniform() * total;
    let last = 0;
    for (let row = 0; row < this.#weights.length; row++) {
      if (isAvoided(row)) continue;
      last = row;
      left -= this.#weights[row];
      if (left < 0) break;
    }
    return last;
  }
}
