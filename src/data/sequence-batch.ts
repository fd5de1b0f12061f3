/** A batch of sequences before any feature is looked up: which class, exemplar and label stands at each place. */

/** What a place of the sequence is there for (docs/specification.md, "Data"): relabelings and matching act by kind. */
export const placeKinds = { burst: 0, distractor: 1, rest: 2, query: 3 } as const;

/**
 * `places = contextPairs + 1`; the last place of every sequence is the query. All arrays are row-major
 * `[size, places]`.
 */
export interface SequenceBatch {
  readonly size: number;
  readonly contextPairs: number;
  /** Number of the first sequence within its stream; the sampler sets it, exemplar noise depends on it. */
  firstSequence: number;
  /** Class row of each place. */
  readonly classes: Int32Array;
  /** Exemplar index within the class. */
  readonly exemplars: Int32Array;
  /** Label shown after each context exemplar; at the query the correct answer. */
  readonly labels: Int32Array;
  /** `placeKinds` of each place. */
  readonly kinds: Uint8Array;
}

/** An empty batch (all zeros) of `size` sequences of `contextPairs` pairs and a query. */
export function createSequenceBatch(size: number, contextPairs: number): SequenceBatch {
  const cells = size * (contextPairs + 1);
  return {
    size,
    contextPairs,
    firstSequence: 0,
    classes: new Int32Array(cells),
    exemplars: new Int32Array(cells),
    labels: new Int32Array(cells),
    kinds: new Uint8Array(cells),
  };
}
