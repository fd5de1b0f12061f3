/** What the norm kernels compute, as plain loops. */
import type { NormKernels } from '../kernels/norm.ts';

export const referenceNormKernels: NormKernels = {
  layerNorm(
    out,
    outAt,
    outStride,
    x,
    xAt,
    xStride,
    gain,
    gainAt,
    bias,
    biasAt,
    mean,
    meanAt,
    inverseDeviation,
    inverseDeviationAt,
    features,
    columns,
    epsilon,
  ) {
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
  },

  layerNormBackward(
    dx,
    dxAt,
    dxStride,
    dy,
    dyAt,
    dyStride,
    x,
    xAt,
    xStride,
    gain,
    gainAt,
    mean,
    meanAt,
    inverseDeviation,
    inverseDeviationAt,
    features,
    columns,
    accumulate,
  ) {
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
  },

  layerNormGainGradient(
    dGain,
    dGainAt,
    dy,
    dyAt,
    dyStride,
    x,
    xAt,
    xStride,
    mean,
    meanAt,
    inverseDeviation,
    inverseDeviationAt,
    features,
    columns,
  ) {
    for (let f = 0; f < features; f++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) {
        const normalised =
          (x[xAt + f * xStride + j] - mean[meanAt + j]) * inverseDeviation[inverseDeviationAt + j];
        sum += dy[dyAt + f * dyStride + j] * normalised;
      }
      dGain[dGainAt + f] = sum;
    }
  },
};
