/** How the passes over all labels divide them: into tiles small enough for the cache, and the tiles into parts. */

/** Classes of one tile: 64 rows of 64 weights are 16 KiB. */
export const tileClasses = 64;
/** What the first pass adds up in parts, and its shares. */
export const shards = 8;
/** Most shares of the second pass, whose tiles have nothing to do with each other: more, so that all threads end together. */
export const updateShares = 16;

export class LabelTiles {
  readonly count: number;
  readonly #labels: number;

  constructor(labels: number) {
    this.#labels = labels;
    this.count = Math.ceil(labels / tileClasses);
  }

  /** First and one past the last tile of one of so many parts. */
  part(index: number, of: number): [number, number] {
    return [Math.floor((index * this.count) / of), Math.floor(((index + 1) * this.count) / of)];
  }

  classesOf(tile: number): number {
    return Math.min(tileClasses, this.#labels - tile * tileClasses);
  }
}
