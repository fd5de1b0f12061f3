/** A set of class rows that is emptied once per sequence in O(1): each row remembers the round it was last added in. */
export class ClassSet {
  readonly #addedIn: Float64Array;
  #round = 1;

  constructor(classes: number) {
    this.#addedIn = new Float64Array(classes);
  }

  clear(): void {
    this.#round++;
  }

  add(classIndex: number): void {
    this.#addedIn[classIndex] = this.#round;
  }

  has(classIndex: number): boolean {
    return this.#addedIn[classIndex] === this.#round;
  }
}
