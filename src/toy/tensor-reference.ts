/**
 * The toy losses with every tensor built, entry by entry: slow, obvious, the specification that `descent.ts` is held to.
 */
import type { ToyModel } from './toy-model.ts';
import type { ToyStart } from './toy-start.ts';

/** The tensor product of vectors, flat, the last index fastest. */
export function tensorProduct(vectors: readonly Float64Array[]): Float64Array {
  return vectors.reduce(
    (left, right) =>
      Float64Array.from([...left].flatMap((entry) => Array.from(right, (other) => entry * other))),
    Float64Array.of(1),
  );
}

/** 1/2 mean((wanted - got)^2). */
function halfMeanSquare(got: Float64Array, wanted?: Float64Array): number {
  return got.reduce((sum, entry, i) => sum + ((wanted?.[i] ?? 0) - entry) ** 2, 0) / (2 * got.length);
}

export interface TensorLosses {
  readonly loss: number;
  readonly mechanisms: readonly number[];
  readonly competitions: readonly number[];
}

/** @param vectors all entries of each, in the model's order */
export function tensorLosses(
  model: ToyModel,
  starts: readonly ToyStart[],
  vectors: readonly Float64Array[],
): TensorLosses {
  const place = (name: string) => model.vectors.findIndex((vector) => vector.name === name);
  const built = (names: readonly string[]) => tensorProduct(names.map((name) => vectors[place(name)]));
  const mechanisms = model.mechanisms.map(({ vectors: names }) =>
    halfMeanSquare(built(names), tensorProduct(names.map((name) => starts[place(name)].target))),
  );
  const competitions = model.competitions.map(({ vectors: names }) => halfMeanSquare(built(names)));
  const product = mechanisms.reduce((all, loss, k) => all * (loss + model.mechanisms[k].offset), 1);
  return {
    loss: competitions.reduce((sum, cost, c) => sum + model.competitions[c].strength * cost, product),
    mechanisms,
    competitions,
  };
}

/** dL/dx of every entry by central differences; 0 where it is clamped. */
export function numericGradient(
  model: ToyModel,
  starts: readonly ToyStart[],
  vectors: readonly Float64Array[],
  width = 1e-5,
): Float64Array[] {
  const moved = (i: number, entry: number, by: number): number => {
    const copy = vectors.map((vector) => vector.slice());
    copy[i][entry] += by;
    return tensorLosses(model, starts, copy).loss;
  };
  return vectors.map((vector, i) =>
    vector.map((_, entry) =>
      entry < model.vectors[i].clamped ? 0 : (moved(i, entry, width) - moved(i, entry, -width)) / (2 * width),
    ),
  );
}
