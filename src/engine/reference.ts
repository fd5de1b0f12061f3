/**
 * The specification of every kernel: the formulas of `kernels.ts` as loops, computed in float64 and stored in the
 * chosen precision. Slow, and meant to be read. What the fast kernels may do differently is order of summation and
 * rounding, never meaning.
 */
import type { AdamStep, AttentionShape, Kernels, Numbers } from './kernels.ts';

/** Adam's moments below this magnitude become 0 (see assembly/optimizer.ts for why). */
const tinyMoment = 2 ** -100;
/** The argument of every exponential is clamped here, so that a float32 never becomes denormal. */
const exponentFloor = -87;

const clampedExp = (x: number): number => (Number.isNaN(x) ? x : Math.exp(Math.max(x, exponentFloor)));

/** The reference kernels in float64 (for gradient checks) or float32 (to compare with the fast ones). */
export function createReferenceKernels(precision: 'float32' | 'float64' = 'float64'): Kernels {
  return new ReferenceKernels(precision);
}

class ReferenceKernels implements Kernels {
  readonly name: string;
  readonly precision: 'float32' | 'float64';

  constructor(precision: 'float32' | 'float64') {
    this.precision = precision;
    this.name = `reference ${precision}`;
  }

  allocate(length: number): Numbers {
    return this.precision === 'float64' ? new Float64Array(length) : new Float32Array(length);
  }

  allocateIndices(length: number): Int32Array {
    return new Int32Array(length);
  }

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
  ): void {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = accumulate ? c[cAt + i * cStride + j] : 0;
        for (let k = 0; k < inner; k++) sum += a[aAt + i * aRow + k * aColumn] * b[bAt + k * bStride + j];
        c[cAt + i * cStride + j] = sum;
      }
    }
  }

  transpose(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
  ): void {
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) out[outAt + c * outStride + r] = x[xAt + r * xStride + c];
  }

  fillRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] = bias[biasAt + r];
  }

  addRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] += bias[biasAt + r];
  }

  rowSums(
    out: Numbers,
    outAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void {
    for (let r = 0; r < rows; r++) {
      let sum = accumulate ? out[outAt + r] : 0;
      for (let j = 0; j < columns; j++) sum += x[xAt + r * xStride + j];
      out[outAt + r] = sum;
    }
  }

  scaleColumns(
    x: Numbers,
    xAt: number,
    xStride: number,
    factor: Numbers,
    factorAt: number,
    rows: number,
    columns: number,
  ): void {
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < columns; j++) x[xAt + r * xStride + j] *= factor[factorAt + j];
  }

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
  ): void {
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < columns; j++) {
        const at = outAt + r * outStride + j;
        out[at] = (accumulate ? out[at] : 0) + x[xAt + r * xStride + j] * factor[factorAt + j];
      }
    }
  }

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
  ): void {
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < columns; j++) {
        const at = outAt + r * outStride + j;
        out[at] = (accumulate ? out[at] : 0) + x[xAt + r * xStride + j];
      }
    }
  }

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
  ): void {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let f = 0; f < features; f++) sum += x[xAt + f * xStride + j];
      const mu = sum / features;
      let squares = 0;
      for (let f = 0; f < features; f++) squares += (x[xAt + f * xStride + j] - mu) ** 2;
      const r = 1 / Math.sqrt(squares / features + epsilon);
      mean[meanAt + j] = mu;
      inverseDeviation[inverseDeviationAt + j] = r;
      for (let f = 0; f < features; f++) {
        out[outAt + f * outStride + j] =
          (x[xAt + f * xStride + j] - mu) * r * gain[gainAt + f] + bias[biasAt + f];
      }
    }
  }

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
  ): void {
    for (let j = 0; j < columns; j++) {
      const mu = mean[meanAt + j];
      const r = inverseDeviation[inverseDeviationAt + j];
      let sum = 0;
      let projected = 0;
      for (let f = 0; f < features; f++) {
        const d = dy[dyAt + f * dyStride + j] * gain[gainAt + f];
        sum += d;
        projected += d * (x[xAt + f * xStride + j] - mu) * r;
      }
      for (let f = 0; f < features; f++) {
        const d = dy[dyAt + f * dyStride + j] * gain[gainAt + f];
        const normalised = (x[xAt + f * xStride + j] - mu) * r;
        const at = dxAt + f * dxStride + j;
        dx[at] = (accumulate ? dx[at] : 0) + r * (d - sum / features - (normalised * projected) / features);
      }
    }
  }

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
  ): void {
    for (let f = 0; f < features; f++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) {
        const normalised =
          (x[xAt + f * xStride + j] - mean[meanAt + j]) * inverseDeviation[inverseDeviationAt + j];
        sum += dy[dyAt + f * dyStride + j] * normalised;
      }
      dGain[dGainAt + f] = sum;
    }
  }

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
  ): void {
    forEachEntry(shape, (h, i, j, lane, at) => {
      let sum = 0;
      for (let d = 0; d < shape.headDim; d++) {
        const row = (h * shape.headDim + d) * stride + lane;
        sum += q[qAt + row + i * shape.lanes] * k[kAt + row + j * shape.lanes];
      }
      scores[scoresAt + at] = sum * scale;
    });
  }

  causalSoftmax(
    pattern: Numbers,
    patternAt: number,
    scores: Numbers,
    scoresAt: number,
    shape: AttentionShape,
  ): void {
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
  }

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
  ): void {
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
  }

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
  ): void {
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
  }

  causalSoftmaxBackward(
    dScores: Numbers,
    dScoresAt: number,
    dPattern: Numbers,
    dPatternAt: number,
    pattern: Numbers,
    patternAt: number,
    shape: AttentionShape,
  ): void {
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
  }

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
  ): void {
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
  }

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
  ): void {
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
  }

  rotate(
    x: Numbers,
    xAt: number,
    xStride: number,
    table: Numbers,
    tableAt: number,
    shape: AttentionShape,
    direction: 1 | -1,
  ): void {
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
  }

  gelu(out: Numbers, outAt: number, x: Numbers, xAt: number, length: number): void {
    for (let i = 0; i < length; i++) {
      const value = x[xAt + i];
      out[outAt + i] = 0.5 * value * (1 + Math.tanh(geluInner(value)));
    }
  }

  geluBackward(
    dx: Numbers,
    dxAt: number,
    dy: Numbers,
    dyAt: number,
    x: Numbers,
    xAt: number,
    length: number,
  ): void {
    for (let i = 0; i < length; i++) {
      const value = x[xAt + i];
      const t = Math.tanh(geluInner(value));
      const slope =
        0.5 * (1 + t) +
        0.5 * value * (1 - t * t) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * value * value);
      dx[dxAt + i] = dy[dyAt + i] * slope;
    }
  }

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
  ): void {
    for (let lane = 0; lane < lanes; lane++) {
      for (let f = 0; f < dim; f++)
        out[outAt + f * outStride + lane] = table[tableAt + indices[indicesAt + lane] * dim + f];
    }
  }

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
  ): void {
    for (let lane = 0; lane < lanes; lane++) {
      for (let f = 0; f < dim; f++)
        table[tableAt + indices[indicesAt + lane] * dim + f] += x[xAt + f * xStride + lane];
    }
  }

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
  ): boolean {
    let raised = false;
    for (let lane = 0; lane < lanes; lane++) {
      const before = max[maxAt + lane];
      let highest = before;
      for (let c = 0; c < classes; c++) highest = Math.max(highest, x[xAt + c * lanes + lane]);
      const factor = clampedExp(before - highest);
      let total = sum[sumAt + lane] * factor;
      for (let c = 0; c < classes; c++) {
        const p = clampedExp(x[xAt + c * lanes + lane] - highest);
        x[xAt + c * lanes + lane] = p;
        total += p;
      }
      raised ||= highest !== before;
      max[maxAt + lane] = highest;
      sum[sumAt + lane] = total;
      rescale[rescaleAt + lane] = factor;
    }
    return raised;
  }

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
  ): void {
    for (let i = 0; i < length; i++)
      out[outAt + i] = clampedExp(x[xAt + i] - shift[shiftAt + i]) * factor[factorAt + i];
  }

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
  ): void {
    for (let lane = 0; lane < lanes; lane++) {
      for (let c = 0; c < classes; c++) {
        const value = x[xAt + c * lanes + lane];
        if (value > bestValue[bestValueAt + lane]) {
          bestValue[bestValueAt + lane] = value;
          bestIndex[bestIndexAt + lane] = base + c;
        }
      }
    }
  }

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
  ): void {
    for (let i = 0; i < length; i++)
      adamOne(w, wAt + i, m, mAt + i, v, vAt + i, gradient[gradientAt + i], decay, step);
  }

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
  ): void {
    for (let i = 0; i < length; i++) adamOne(w, wAt + i, m, mAt + i, v, vAt + i, 0, decay, step);
  }

  sgd(
    w: Numbers,
    wAt: number,
    gradient: Numbers,
    gradientAt: number,
    length: number,
    decay: number,
    rate: number,
  ): void {
    for (let i = 0; i < length; i++) w[wAt + i] -= rate * (gradient[gradientAt + i] + decay * w[wAt + i]);
  }

  sumSquares(x: Numbers, xAt: number, length: number): number {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += x[xAt + i] * x[xAt + i];
    return sum;
  }
}

function geluInner(x: number): number {
  return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
}

function adamOne(
  w: Numbers,
  wAt: number,
  m: Numbers,
  mAt: number,
  v: Numbers,
  vAt: number,
  gradient: number,
  decay: number,
  step: AdamStep,
): void {
  const g = gradient + decay * w[wAt];
  const mean = step.beta1 * m[mAt] + (1 - step.beta1) * g;
  const square = step.beta2 * v[vAt] + (1 - step.beta2) * g * g;
  m[mAt] = Math.abs(mean) < tinyMoment ? 0 : mean;
  v[vAt] = square < tinyMoment ? 0 : square;
  w[wAt] -= (step.stepSize * m[mAt]) / (Math.sqrt(v[vAt]) * step.secondCorrection + step.epsilon);
}

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
