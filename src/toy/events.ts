/**
 * What happened in a toy run, found while it goes: which mechanism formed when, whether it was lost again, and the divot
 * in the others while it formed. Each loss is told in shares of its untrained level, M at zero vectors (1/2 mean x*^2),
 * which is where the plateau lies: no threshold depends on mu, alpha or the seed's scale.
 */

/** Share of the untrained level at and below which a mechanism has formed. */
export const formedShare = 0.1;
/** Share at and above which it has not begun to form, or has been lost. */
export const lostShare = 0.9;

export interface Extremum {
  readonly step: number;
  /** The raw loss there, without its offset. */
  readonly value: number;
}

/** A loss that turns up while another mechanism forms, and then falls below where it turned. */
export interface Divot {
  readonly minimum: Extremum;
  readonly maximum: Extremum;
  readonly rise: number;
}

export interface MechanismEvents {
  /** The last step at 90% of its level or above before it formed. */
  readonly leftPlateau: number | null;
  /** The first step at 10% or below. */
  readonly formed: number | null;
  /** Where it lost most in one step between the two. */
  readonly steepest: number | null;
  /** Its smallest loss so far. */
  readonly minimum: Extremum;
  /** The first step back at 90% or above. */
  readonly lost: number | null;
}

/** Follows one mechanism's loss from step to step. Called at every step of every run: it makes no objects. */
export class MechanismWatch {
  readonly #formedLevel: number;
  readonly #lostLevel: number;
  #leaving = 0;
  #formed = -1;
  #lost = -1;
  #steepest = 0;
  #largestDrop = 0;
  #before = NaN;
  #minimumStep = 0;
  #minimum = Infinity;

  /** @param level its untrained loss */
  constructor(level: number) {
    this.#formedLevel = formedShare * level;
    this.#lostLevel = lostShare * level;
  }

  /** @returns whether this is its smallest loss so far */
  see(step: number, value: number): boolean {
    if (this.#formed < 0) this.#seeForming(step, value);
    else if (this.#lost < 0 && value >= this.#lostLevel) this.#lost = step;
    this.#before = value;
    if (value >= this.#minimum) return false;
    this.#minimumStep = step;
    this.#minimum = value;
    return true;
  }

  #seeForming(step: number, value: number): void {
    if (value >= this.#lostLevel) {
      this.#leaving = step;
      this.#steepest = step;
      this.#largestDrop = 0;
    } else if (this.#before - value > this.#largestDrop) {
      this.#steepest = step;
      this.#largestDrop = this.#before - value;
    }
    if (value <= this.#formedLevel) this.#formed = step;
  }

  events(): MechanismEvents {
    const hasFormed = this.#formed >= 0;
    return {
      leftPlateau: hasFormed ? this.#leaving : null,
      formed: hasFormed ? this.#formed : null,
      steepest: hasFormed ? this.#steepest : null,
      minimum: { step: this.#minimumStep, value: this.#minimum },
      lost: this.#lost < 0 ? null : this.#lost,
    };
  }
}

/**
 * The largest rise of a loss, from a minimum to the maximum after it, up to a step that is told afterwards; a divot once
 * the loss has come down below that minimum.
 */
export class DivotWatch {
  #lowestStep = 0;
  #lowest = Infinity;
  #fromStep = 0;
  #from = 0;
  #toStep = 0;
  #rise = 0;
  #kept: Divot | null = null;
  #keptRise = 0;
  #isOver = false;

  see(step: number, value: number): void {
    if (this.#kept !== null && value < this.#kept.minimum.value) this.#isOver = true;
    if (value < this.#lowest) {
      this.#lowestStep = step;
      this.#lowest = value;
    } else if (value - this.#lowest > this.#rise) {
      this.#fromStep = this.#lowestStep;
      this.#from = this.#lowest;
      this.#toStep = step;
      this.#rise = value - this.#lowest;
    }
  }

  /** Everything seen so far counts. */
  keep(): void {
    if (this.#rise <= this.#keptRise) return;
    const maximum = { step: this.#toStep, value: this.#from + this.#rise };
    this.#kept = { minimum: { step: this.#fromStep, value: this.#from }, maximum, rise: this.#rise };
    this.#keptRise = this.#rise;
    this.#isOver = false;
  }

  divot(): Divot | null {
    return this.#isOver ? this.#kept : null;
  }
}
