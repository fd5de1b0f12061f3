/** What golden files of every kind hold. */

/** Examples `[size, contextPairs + 1, exampleDim]` and labels `[size, contextPairs + 1]`; the last place is the query. */
export interface GoldenBatch {
  readonly size: number;
  readonly examples: Float32Array;
  readonly labels: Int32Array;
}

export type NamedNumbers = ReadonlyMap<string, Float64Array>;
