/** The norm kernels of the fast engine: assembly/ called with pointers and strides in bytes. */
import type { NormKernels } from '../kernels/norm.ts';
import type { KernelExports } from './exports.ts';

export function wasmNormKernels(wasm: KernelExports): NormKernels {
  return {
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
