/** The attention kernels: causal attention, every lane by itself. Conventions stand in `../kernels.ts`. */
import type { AttentionShape, Numbers } from './types.ts';

export interface AttentionKernels {
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
}
