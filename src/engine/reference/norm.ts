/** What the norm kernels compute, as plain loops. */
import type { NormKernels } from '../kernels/norm.ts';
import type { Numbers } from '../kernels/types.ts';

export const referenceNormKernels: NormKernels = {
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
  },

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
  },

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
  },
};
