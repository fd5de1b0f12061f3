/** Where feature vectors come from. The paper's are ResNet18 features of Omniglot; any `[classes, exemplars, dim]` will do. */

export interface ExemplarSource {
  /** Short name every verdict carries, e.g. `synthetic(alpha 2, sigma 0.8, offset 0, scale 0.6, seed 101)`. */
  readonly description: string;
  readonly classes: number;
  readonly exemplars: number;
  readonly dim: number;
  /**
   * Writes the features of one exemplar to `out[at .. at + dim)`.
   * Indices are trusted: the sampler has checked its ranges against the source.
   */
  copyFeatures(classIndex: number, exemplar: number, out: Float32Array | Float64Array, at: number): void;
}
