/** The norm kernels: LayerNorm over the features of every column. Conventions stand in `../kernels.ts`. */
import type { Numbers } from './types.ts';

export interface NormKernels {
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
}
