/** What the attention kernels compute, as plain loops. */
import type { AttentionKernels } from '../kernels/attention.ts';
import type { AttentionShape } from '../kernels/types.ts';
import { clampedExp } from './clamped-exp.ts';

export const referenceAttentionKernels: AttentionKernels = {
  attentionScores(scores, scoresAt, q, qAt, k, kAt, stride, shape, scale) {
    forEachEntry(shape, (h, i, j, lane, at) => {
      let sum = 0;
      for (let d = 0; d < shape.headDim; d++) {
        const row = (h * shape.headDim + d) * stride + lane;
        sum += q[qAt + row + i * shape.lanes] * k[kAt + row + j * shape.lanes];
      }
      scores[scoresAt + at] = sum * scale;
    });
  },

  causalSoftmax(pattern, patternAt, scores, scoresAt, shape) {
    forEachQuery(shape, (_h, i, lane, row) => {
      let max = -Infinity;
      for (let j = 0; j <= i; j++) max = Math.max(max, scores[scoresAt + row + j * shape.lanes + lane]);
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += clampedExp(scores[scoresAt + row + j * shape.lanes + lane] - max);
      for (let j = 0; j < shape.tokens; j++) {
        const at = row + j * shape.lanes + lane;
        pattern[patternAt + at] = j <= i ? clampedExp(scores[scoresAt + at] - max) / sum : 0;
      }
    });
  },

  attentionMix(z, zAt, zStride, pattern, patternAt, v, vAt, vStride, shape) {
    forEachQuery(shape, (h, i, lane, row) => {
      for (let d = 0; d < shape.headDim; d++) {
        const feature = h * shape.headDim + d;
        let sum = 0;
        for (let j = 0; j <= i; j++) {
          sum +=
            pattern[patternAt + row + j * shape.lanes + lane] *
            v[vAt + feature * vStride + j * shape.lanes + lane];
        }
        z[zAt + feature * zStride + i * shape.lanes + lane] = sum;
      }
    });
  },

  attentionPatternGradient(dPattern, dPatternAt, dz, dzAt, dzStride, v, vAt, vStride, shape) {
    forEachEntry(shape, (h, i, j, lane, at) => {
      let sum = 0;
      for (let d = 0; d < shape.headDim; d++) {
        const feature = h * shape.headDim + d;
        sum +=
          dz[dzAt + feature * dzStride + i * shape.lanes + lane] *
          v[vAt + feature * vStride + j * shape.lanes + lane];
      }
      dPattern[dPatternAt + at] = sum;
    });
  },

  causalSoftmaxBackward(dScores, dScoresAt, dPattern, dPatternAt, pattern, patternAt, shape) {
    forEachQuery(shape, (_h, i, lane, row) => {
      let sum = 0;
      for (let j = 0; j <= i; j++) {
        const at = row + j * shape.lanes + lane;
        sum += dPattern[dPatternAt + at] * pattern[patternAt + at];
      }
      for (let j = 0; j <= i; j++) {
        const at = row + j * shape.lanes + lane;
        dScores[dScoresAt + at] = pattern[patternAt + at] * (dPattern[dPatternAt + at] - sum);
      }
    });
  },

  attentionQueryGradient(dq, dqAt, dqStride, dScores, dScoresAt, k, kAt, kStride, shape, scale) {
    forEachQuery(shape, (h, i, lane, row) => {
      for (let d = 0; d < shape.headDim; d++) {
        const feature = h * shape.headDim + d;
        let sum = 0;
        for (let j = 0; j <= i; j++) {
          sum +=
            dScores[dScoresAt + row + j * shape.lanes + lane] *
            k[kAt + feature * kStride + j * shape.lanes + lane];
        }
        dq[dqAt + feature * dqStride + i * shape.lanes + lane] = sum * scale;
      }
    });
  },

  attentionKeyGradient(out, outAt, outStride, weights, weightsAt, x, xAt, xStride, shape, scale) {
    const { heads, headDim, tokens, firstQuery, lanes } = shape;
    for (let feature = 0; feature < heads * headDim; feature++) {
      const h = Math.floor(feature / headDim);
      for (let j = 0; j < tokens; j++) {
        for (let lane = 0; lane < lanes; lane++) {
          let sum = 0;
          for (let i = Math.max(j, firstQuery); i < tokens; i++) {
            const row = (h * (tokens - firstQuery) + i - firstQuery) * tokens * lanes;
            sum +=
              weights[weightsAt + row + j * lanes + lane] * x[xAt + feature * xStride + i * lanes + lane];
          }
          out[outAt + feature * outStride + j * lanes + lane] = sum * scale;
        }
      }
    }
  },

  rotate(x, xAt, xStride, table, tableAt, shape, direction) {
    const half = shape.headDim / 2;
    for (let pairRow = 0; pairRow < shape.heads * half; pairRow++) {
      for (let t = shape.firstQuery; t < shape.tokens; t++) {
        const entry = tableAt + (t * half + (pairRow % half)) * 2;
        const cos = table[entry];
        const sin = table[entry + 1] * direction;
        for (let lane = 0; lane < shape.lanes; lane++) {
          const even = xAt + 2 * pairRow * xStride + t * shape.lanes + lane;
          const odd = even + xStride;
          const [a, b] = [x[even], x[odd]];
          x[even] = a * cos - b * sin;
          x[odd] = a * sin + b * cos;
        }
      }
    }
  },
};

/** Calls for every head, query and lane with the offset of that query's row of scores. */
function forEachQuery(
  shape: AttentionShape,
  visit: (head: number, query: number, lane: number, row: number) => void,
): void {
  const { heads, tokens, firstQuery, lanes } = shape;
  for (let h = 0; h < heads; h++) {
    for (let i = firstQuery; i < tokens; i++) {
      const row = (h * (tokens - firstQuery) + i - firstQuery) * tokens * lanes;
      for (let lane = 0; lane < lanes; lane++) visit(h, i, lane, row);
    }
  }
}

/** Calls for every head, query, key <= query and lane with the offset of that entry of scores. */
function forEachEntry(
  shape: AttentionShape,
  visit: (head: number, query: number, key: number, lane: number, at: number) => void,
): void {
  forEachQuery(shape, (h, i, lane, row) => {
    for (let j = 0; j <= i; j++) visit(h, i, j, lane, row + j * shape.lanes + lane);
  });
}
