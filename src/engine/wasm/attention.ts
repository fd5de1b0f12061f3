/** The attention kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { AttentionKernels } from '../kernels/attention.ts';
import type { KernelExports } from './exports.ts';

export function wasmAttentionKernels(wasm: KernelExports): AttentionKernels {
  return {
    attentionScores(scores, scoresAt, q, qAt, k, kAt, stride, s, scale) {
      wasm.attentionScores(
        scores.byteOffset + scoresAt * 4,
        q.byteOffset + qAt * 4,
        k.byteOffset + kAt * 4,
        stride * 4,
        s.heads,
        s.headDim,
        s.tokens,
        s.firstQuery,
        s.lanes,
        scale,
      );
    },

    causalSoftmax(pattern, patternAt, scores, scoresAt, s) {
      wasm.causalSoftmax(
        pattern.byteOffset + patternAt * 4,
        scores.byteOffset + scoresAt * 4,
        s.heads,
        s.tokens,
        s.firstQuery,
        s.lanes,
      );
    },

    attentionMix(z, zAt, zStride, pattern, patternAt, v, vAt, vStride, s) {
      wasm.attentionMix(
        z.byteOffset + zAt * 4,
        zStride * 4,
        pattern.byteOffset + patternAt * 4,
        v.byteOffset + vAt * 4,
        vStride * 4,
        s.heads,
        s.headDim,
        s.tokens,
        s.firstQuery,
        s.lanes,
      );
    },

    attentionPatternGradient(dPattern, dPatternAt, dz, dzAt, dzStride, v, vAt, vStride, s) {
      wasm.attentionPatternGradient(
        dPattern.byteOffset + dPatternAt * 4,
        dz.byteOffset + dzAt * 4,
        dzStride * 4,
        v.byteOffset + vAt * 4,
        vStride * 4,
        s.heads,
        s.headDim,
        s.tokens,
        s.firstQuery,
        s.lanes,
      );
    },

    causalSoftmaxBackward(dScores, dScoresAt, dPattern, dPatternAt, pattern, patternAt, s) {
      wasm.causalSoftmaxBackward(
        dScores.byteOffset + dScoresAt * 4,
        dPattern.byteOffset + dPatternAt * 4,
        pattern.byteOffset + patternAt * 4,
        s.heads,
        s.tokens,
        s.firstQuery,
        s.lanes,
      );
    },

    attentionQueryGradient(dq, dqAt, dqStride, dScores, dScoresAt, k, kAt, kStride, s, scale) {
      wasm.attentionQueryGradient(
        dq.byteOffset + dqAt * 4,
        dqStride * 4,
        dScores.byteOffset + dScoresAt * 4,
        k.byteOffset + kAt * 4,
        kStride * 4,
        s.heads,
        s.headDim,
        s.tokens,
        s.firstQuery,
        s.lanes,
        scale,
      );
    },

    attentionKeyGradient(out, outAt, outStride, weights, weightsAt, x, xAt, xStride, s, scale) {
      wasm.attentionKeyGradient(
        out.byteOffset + outAt * 4,
        outStride * 4,
        weights.byteOffset + weightsAt * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        s.heads,
        s.headDim,
        s.tokens,
        s.firstQuery,
        s.lanes,
        scale,
      );
    },

    rotate(x, xAt, xStride, table, tableAt, s, direction) {
      wasm.rotate(
        x.byteOffset + xAt * 4,
        xStride * 4,
        table.byteOffset + tableAt * 4,
        s.heads,
        s.headDim,
        s.tokens,
        s.firstQuery,
        s.lanes,
        direction,
      );
    },
  };
}
