/** The attention kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { AttentionKernels } from '../kernels/attention.ts';
import type { AttentionShape, Numbers } from '../kernels/types.ts';
import type { KernelExports } from './exports.ts';

export function wasmAttentionKernels(wasm: KernelExports): AttentionKernels {
  return {
    attentionScores(
      scores: Numbers,
      scoresAt: number,
      q: Numbers,
      qAt: number,
      k: Numbers,
      kAt: number,
      stride: number,
      s: AttentionShape,
      scale: number,
    ): void {
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

    causalSoftmax(
      pattern: Numbers,
      patternAt: number,
      scores: Numbers,
      scoresAt: number,
      s: AttentionShape,
    ): void {
      wasm.causalSoftmax(
        pattern.byteOffset + patternAt * 4,
        scores.byteOffset + scoresAt * 4,
        s.heads,
        s.tokens,
        s.firstQuery,
        s.lanes,
      );
    },

    attentionMix(
      z: Numbers,
      zAt: number,
      zStride: number,
      pattern: Numbers,
      patternAt: number,
      v: Numbers,
      vAt: number,
      vStride: number,
      s: AttentionShape,
    ): void {
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

    attentionPatternGradient(
      dPattern: Numbers,
      dPatternAt: number,
      dz: Numbers,
      dzAt: number,
      dzStride: number,
      v: Numbers,
      vAt: number,
      vStride: number,
      s: AttentionShape,
    ): void {
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

    causalSoftmaxBackward(
      dScores: Numbers,
      dScoresAt: number,
      dPattern: Numbers,
      dPatternAt: number,
      pattern: Numbers,
      patternAt: number,
      s: AttentionShape,
    ): void {
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

    attentionQueryGradient(
      dq: Numbers,
      dqAt: number,
      dqStride: number,
      dScores: Numbers,
      dScoresAt: number,
      k: Numbers,
      kAt: number,
      kStride: number,
      s: AttentionShape,
      scale: number,
    ): void {
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

    attentionKeyGradient(
      out: Numbers,
      outAt: number,
      outStride: number,
      weights: Numbers,
      weightsAt: number,
      x: Numbers,
      xAt: number,
      xStride: number,
      s: AttentionShape,
      scale: number,
    ): void {
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

    rotate(
      x: Numbers,
      xAt: number,
      xStride: number,
      table: Numbers,
      tableAt: number,
      s: AttentionShape,
      direction: 1 | -1,
    ): void {
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
