/** What the kernel families share. */

export type Numbers = Float32Array | Float64Array;

/** Hyperparameters of one Adam step, bias correction included: w -= stepSize * m / (sqrt(v) * secondCorrection + epsilon). */
export interface AdamStep {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** rate / (1 - beta1^step) */
  readonly stepSize: number;
  /** 1 / sqrt(1 - beta2^step) */
  readonly secondCorrection: number;
}

/** The tokens one attention call looks at: keys are all `tokens`, queries only those from `firstQuery` on. */
export interface AttentionShape {
  readonly heads: number;
  readonly headDim: number;
  readonly tokens: number;
  readonly firstQuery: number;
  readonly lanes: number;
}
