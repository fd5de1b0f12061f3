/**
 * The interface between the models and whatever computes: flat arrays and offsets, no shapes hidden, no allocation.
 * `reference.ts` is the specification (slow, obvious, in float64 or float32), `wasm.ts` the fast one; one conformance
 * suite runs over both.
 *
 * Conventions. Every matrix argument is three values `x, xAt, xStride`: the array, the index of its first element and
 * the distance between rows, in elements. Activations are `[features, tokens * lanes]`: the batch is innermost, padded
 * to `lanes`, a multiple of 8, so that nothing but reductions over the batch ever crosses a vector. Unless said
 * otherwise `columns` and `lanes` are multiples of 8 and rows are any number; out and in may not overlap.
 * Arrays must come from the same kernels' `allocate`.
 */

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

export interface Kernels {
  /** `wasm`, `reference float32` or `reference float64`; recorded with every run. */
  readonly name: string;
  /** Unit roundoff class of the arithmetic. */
  readonly precision: 'float32' | 'float64';
  /** A zeroed array, aligned to 64 bytes. @throws LabError when memory runs out. */
  allocate(length: number): Numbers;
  /** A zeroed array of row indices. */
  allocateIndices(length: number): Int32Array;

  /**
   * C[rows, columns] (+)= A[rows, inner] B[inner, columns], any sizes. A is read at `aAt + r * aRow + k * aColumn`, so
   * it may be transposed. Every output is the sum over `inner` in ascending order, starting from C when accumulating.
   */
  matmul(
    c: Numbers,
    cAt: number,
    cStride: number,
    a: Numbers,
    aAt: number,
    aRow: number,
    aColumn: number,
    b: Numbers,
    bAt: number,
    bStride: number,
    rows: number,
    columns: number,
    inner: number,
    accumulate: boolean,
  ): void;
  /** out[column, row] := x[row, column], any sizes. */
  transpose(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
  ): void;

  /** x[r, :] := bias[r] */
  fillRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void;
  /** x[r, :] += bias[r] */
  addRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void;
  /** out[r] (+)= sum of x[r, :] */
  rowSums(
    out: Numbers,
    outAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void;
  /** x[r, j] *= factor[j] */
  scaleColumns(
    x: Numbers,
    xAt: number,
    xStride: number,
    factor: Numbers,
    factorAt: number,
    rows: number,
    columns: number,
  ): void;
  /** out[r, j] (+)= x[r, j] * factor[j] */
  addScaledColumns(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    factor: Numbers,
    factorAt: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void;
  /** out[r, j] (+)= x[r, j] */
  addMatrix(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void;

  /** LayerNorm of every column: out = (x - mean) * inverseDeviation * gain + bias; keeps mean and inverseDeviation [columns]. */
  layerNorm(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    gain: Numbers,
    gainAt: number,
    bias: Numbers,
    biasAt: number,
    mean: Numbers,
    meanAt: number,
    inverseDeviation: Numbers,
    inverseDeviationAt: number,
    features: number,
    columns: number,
    epsilon: number,
  ): void;
  /** dx (+)= gradient of the norm's input, given dy of its output. */
  layerNormBackward(
    dx: Numbers,
    dxAt: number,
    dxStride: number,
    dy: Numbers,
    dyAt: number,
    dyStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    gain: Numbers,
    gainAt: number,
    mean: Numbers,
    meanAt: number,
    inverseDeviation: Numbers,
    inverseDeviationAt: number,
    features: number,
    columns: number,
    accumulate: boolean,
  ): void;
  /** dGain[f] := sum over columns of dy * (x - mean) * inverseDeviation */
  layerNormGainGradient(
    dGain: Numbers,
    dGainAt: number,
    dy: Numbers,
    dyAt: number,
    dyStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    mean: Numbers,
    meanAt: number,
    inverseDeviation: Numbers,
    inverseDeviationAt: number,
    features: number,
    columns: number,
  ): void;

  /**
   * scores[head, i, j, lane] := scale * sum over the head's features of q[., i] k[., j], for keys j <= query i.
   * scores, pattern and their gradients are `[heads, tokens - firstQuery, tokens, lanes]` without gaps.
   */
  attentionScores(
    scores: Numbers,
    scoresAt: number,
    q: Numbers,
    qAt: number,
    k: Numbers,
    kAt: number,
    stride: number,
    shape: AttentionShape,
    scale: number,
  ): void;
  /** pattern := softmax over keys j <= i; 0 for later keys. */
  causalSoftmax(
    pattern: Numbers,
    patternAt: number,
    scores: Numbers,
    scoresAt: number,
    shape: AttentionShape,
  ): void;
  /** z[., i] := sum over keys of pattern[i, j] v[., j] */
  attentionMix(
    z: Numbers,
    zAt: number,
    zStride: number,
    pattern: Numbers,
    patternAt: number,
    v: Numbers,
    vAt: number,
    vStride: number,
    shape: AttentionShape,
  ): void;
  /** dPattern[i, j] := sum over the head's features of dz[., i] v[., j] */
  attentionPatternGradient(
    dPattern: Numbers,
    dPatternAt: number,
    dz: Numbers,
    dzAt: number,
    dzStride: number,
    v: Numbers,
    vAt: number,
    vStride: number,
    shape: AttentionShape,
  ): void;
  /** dScores := pattern * (dPattern - sum over keys of dPattern * pattern). dScores may be dPattern. */
  causalSoftmaxBackward(
    dScores: Numbers,
    dScoresAt: number,
    dPattern: Numbers,
    dPatternAt: number,
    pattern: Numbers,
    patternAt: number,
    shape: AttentionShape,
  ): void;
  /** dq[., i] := scale * sum over keys j <= i of dScores[i, j] k[., j] */
  attentionQueryGradient(
    dq: Numbers,
    dqAt: number,
    dqStride: number,
    dScores: Numbers,
    dScoresAt: number,
    k: Numbers,
    kAt: number,
    kStride: number,
    shape: AttentionShape,
    scale: number,
  ): void;
  /**
   * out[., j] := scale * sum over queries i >= j of weights[i, j] x[., i]: the gradient of k (weights = dScores, x = q)
   * and of v (weights = pattern, x = dz, scale = 1). Keys no query looks at get 0.
   */
  attentionKeyGradient(
    out: Numbers,
    outAt: number,
    outStride: number,
    weights: Numbers,
    weightsAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    shape: AttentionShape,
    scale: number,
  ): void;
  /**
   * Rotary positions: turns features (2p, 2p + 1) of every head of tokens >= firstQuery by the angle whose cosine and
   * sine stand in `table[token, headDim / 2, 2]`; `direction` 1, or -1 for the gradient.
   */
  rotate(
    x: Numbers,
    xAt: number,
    xStride: number,
    table: Numbers,
    tableAt: number,
    shape: AttentionShape,
    direction: 1 | -1,
  ): void;

  /** out := GELU(x), tanh form; length a multiple of 8. */
  gelu(out: Numbers, outAt: number, x: Numbers, xAt: number, length: number): void;
  /** dx := dy * GELU'(x); dx may be dy; length a multiple of 8. */
  geluBackward(
    dx: Numbers,
    dxAt: number,
    dy: Numbers,
    dyAt: number,
    x: Numbers,
    xAt: number,
    length: number,
  ): void;

  /** out[f, lane] := table[indices[lane], f] */
  gatherRows(
    out: Numbers,
    outAt: number,
    outStride: number,
    table: Numbers,
    tableAt: number,
    indices: Int32Array,
    indicesAt: number,
    lanes: number,
    dim: number,
  ): void;
  /** table[indices[lane], f] += x[f, lane], lane after lane. */
  scatterAddRows(
    table: Numbers,
    tableAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    indices: Int32Array,
    indicesAt: number,
    lanes: number,
    dim: number,
  ): void;

  /**
   * One tile of the softmax over labels, x[classes, lanes] without gaps: raises max[lane] by the tile, x := exp(x - max),
   * sum := sum * rescale + the tile's sum, rescale := exp(old max - max). Exponents are clamped at -87.
   * @returns whether any maximum was raised.
   */
  softmaxTile(
    x: Numbers,
    xAt: number,
    classes: number,
    lanes: number,
    max: Numbers,
    maxAt: number,
    sum: Numbers,
    sumAt: number,
    rescale: Numbers,
    rescaleAt: number,
  ): boolean;
  /** out := exp(x - shift) * factor, elementwise; length a multiple of 8. */
  scaledExp(
    out: Numbers,
    outAt: number,
    x: Numbers,
    xAt: number,
    shift: Numbers,
    shiftAt: number,
    factor: Numbers,
    factorAt: number,
    length: number,
  ): void;
  /** Raises bestValue[lane], bestIndex[lane] := base + class where x[class, lane] is strictly larger. */
  argmaxTile(
    bestValue: Numbers,
    bestValueAt: number,
    bestIndex: Int32Array,
    bestIndexAt: number,
    x: Numbers,
    xAt: number,
    classes: number,
    lanes: number,
    base: number,
  ): void;

  /** One Adam step with gradient + decay * w, any length. Moments below 2^-100 become 0. */
  adam(
    w: Numbers,
    wAt: number,
    m: Numbers,
    mAt: number,
    v: Numbers,
    vAt: number,
    gradient: Numbers,
    gradientAt: number,
    length: number,
    decay: number,
    step: AdamStep,
  ): void;
  /** The same where the gradient is 0. */
  adamZeroGradient(
    w: Numbers,
    wAt: number,
    m: Numbers,
    mAt: number,
    v: Numbers,
    vAt: number,
    length: number,
    decay: number,
    step: AdamStep,
  ): void;
  /** w -= rate * (gradient + decay * w), any length. */
  sgd(
    w: Numbers,
    wAt: number,
    gradient: Numbers,
    gradientAt: number,
    length: number,
    decay: number,
    rate: number,
  ): void;
  /** Sum of squares in double precision, any length. */
  sumSquares(x: Numbers, xAt: number, length: number): number;
}
