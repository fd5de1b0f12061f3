/** What is recorded of a toy run, a row per step: all losses, and of each vector how far it is from its target. */
import type { ToyDescent } from './descent.ts';
import type { ToyModel } from './toy-model.ts';

export interface ToyTrace {
  readonly rows: number;
  /**
   * By name, of equal length: `step`, `loss`, `mechanism1` .. (without offsets), `competition1` .. (without strengths),
   * and for each vector x `norm_x` = |x|, `cosine_x` to its target, `distance_x` = |x - x*|, `gradient_x` = |dL/dx|.
   */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** Names of the columns, in the order of a recorded row. */
export function traceColumns({ vectors, mechanisms, competitions }: ToyModel): string[] {
  const numbered = (name: string, list: readonly unknown[]) => list.map((_, i) => `${name}${i + 1}`);
  const perVector = ['norm', 'cosine', 'distance', 'gradient'].flatMap((what) =>
    vectors.map(({ name }) => `${what}_${name}`),
  );
  return [
    'step',
    'loss',
    ...numbered('mechanism', mechanisms),
    ...numbered('competition', competitions),
    ...perVector,
  ];
}

/** Collects rows; as many as come, and no object for any of them. */
export class ToyRecorder {
  readonly #descent: ToyDescent;
  readonly #names: readonly string[];
  #numbers = new Float64Array(1 << 12);
  #used = 0;

  constructor(descent: ToyDescent) {
    this.#descent = descent;
    this.#names = traceColumns(descent.model);
  }

  /** Takes a row, after `evaluate`. */
  record(step: number): void {
    const descent = this.#descent;
    const vectors = descent.model.vectors.length;
    if (this.#used + this.#names.length > this.#numbers.length) {
      const longer = new Float64Array(2 * (this.#numbers.length + this.#names.length));
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#add(step);
    this.#add(descent.loss);
    for (const loss of descent.mechanismLosses) this.#add(loss);
    for (const loss of descent.competitionLosses) this.#add(loss);
    for (let i = 0; i < vectors; i++) this.#add(descent.norm(i));
    for (let i = 0; i < vectors; i++) this.#add(descent.cosine(i));
    for (let i = 0; i < vectors; i++) this.#add(descent.distance(i));
    for (let i = 0; i < vectors; i++) this.#add(descent.gradientNorm(i));
  }

  #add(value: number): void {
    this.#numbers[this.#used] = value;
    this.#used++;
  }

  trace(): ToyTrace {
    const width = this.#names.length;
    const rows = this.#used / width;
    const columns = this.#names.map((name, column): [string, Float64Array] => {
      const values = new Float64Array(rows);
      for (let row = 0; row < rows; row++) values[row] = this.#numbers[row * width + column];
      return [name, values];
    });
    return { rows, columns: new Map(columns) };
  }
}

/** A column that every trace has, or that its model's vectors give it. */
export function traceColumn({ columns }: ToyTrace, name: string): Float64Array {
  const column = columns.get(name);
  if (column === undefined) throw new RangeError(`no column "${name}" in the trace`);
  return column;
}
