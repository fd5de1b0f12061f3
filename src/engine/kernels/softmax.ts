/** The softmax kernels: the softmax over labels, tile by tile. Conventions stand in `../kernels.ts`. */
import type { Numbers } from './types.ts';

export interface SoftmaxKernels {
  /**
   * One tile of the softmax over labels, x[classes, lanes] without gaps: raises max[lane] by the tile, x := exp(x - max),
   * sum := the tile's sum of it, rescale := exp(old max - max). Exponents are clamped at -87. The caller adds tiles up,
   * total := total * rescale + sum, in double precision.
   * @returns whether any maximum was raised.
   */
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
  ): boolean;

  /** out := exp(x - shift) * factor, elementwise; length a multiple of 8. */
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
  ): void;

  /** Raises bestValue[lane], bestIndex[lane] := base + class where x[class, lane] is strictly larger. */
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
  ): void;
}
