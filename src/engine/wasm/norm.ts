/** The norm kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { NormKernels } from '../kernels/norm.ts';
import type { Numbers } from '../kernels/types.ts';
import type { KernelExports } from './exports.ts';

export function wasmNormKernels(wasm: KernelExports): NormKernels {
  return {
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
      wasm.layerNorm(
        out.byteOffset + outAt * 4,
        outStride * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        gain.byteOffset + gainAt * 4,
        bias.byteOffset + biasAt * 4,
        mean.byteOffset + meanAt * 4,
        inverseDeviation.byteOffset + inverseDeviationAt * 4,
        features,
        columns,
        epsilon,
      );
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
      wasm.layerNormBackward(
        dx.byteOffset + dxAt * 4,
        dxStride * 4,
        dy.byteOffset + dyAt * 4,
        dyStride * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        gain.byteOffset + gainAt * 4,
        mean.byteOffset + meanAt * 4,
        inverseDeviation.byteOffset + inverseDeviationAt * 4,
        features,
        columns,
        accumulate ? 1 : 0,
      );
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
      wasm.layerNormGainGradient(
        dGain.byteOffset + dGainAt * 4,
        dy.byteOffset + dyAt * 4,
        dyStride * 4,
        x.byteOffset + xAt * 4,
        xStride * 4,
        mean.byteOffset + meanAt * 4,
        inverseDeviation.byteOffset + inverseDeviationAt * 4,
        features,
        columns,
      );
    },
  };
}
