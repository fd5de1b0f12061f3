/**
 * Bilinear resizing of grey pictures, antialiased, bit for bit as Pillow does it: what encoders trained on pictures
 * expect (torchvision resizes with Pillow). A triangle as wide as the reduction, weights in fixed point, first along
 * rows, then along columns, rounded to bytes in between (Pillow, `src/libImaging/Resample.c`: `ImagingResample`; since
 * version 13 some tall pictures are done along columns first).
 */

/** Bits after the point of a weight; 8 for a pixel and 2 for sums to grow into make 32. */
const precision = 32 - 8 - 2;
const half = 1 << (precision - 1);

interface Weights {
  /** Of each pixel out: the first pixel in that counts. */
  readonly first: Int32Array;
  /** And how many. */
  readonly counts: Int32Array;
  /** `widest` for each pixel out. */
  readonly values: Int32Array;
  readonly widest: number;
}

function weightsOf(from: number, to: number): Weights {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const widest = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(to);
  const counts = new Int32Array(to);
  const values = new Int32Array(to * widest);
  const triangle = new Float64Array(widest);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(from, Math.trunc(center + support + 0.5)) - low;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      triangle[k] = Math.max(0, 1 - Math.abs((k + low - center + 0.5) * (1 / support)));
      sum += triangle[k];
    }
    for (let k = 0; k < count; k++) {
      const weight = sum === 0 ? triangle[k] : triangle[k] / sum;
      values[i * widest + k] = Math.trunc(0.5 + weight * (1 << precision));
    }
    first[i] = low;
    counts[i] = count;
  }
  return { first, counts, values, widest };
}

/** Resizes `lines` lines of `from` pixels each, `step` apart along a line and `lineStep` from line to line. */
function resizeLines(
  pixels: Uint8Array,
  out: Uint8Array,
  lines: number,
  { first, counts, values, widest }: Weights,
  place: { readonly step: number; readonly lineStep: number; readonly outLineStep: number },
): void {
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < first.length; i++) {
      let sum = half;
      for (let k = 0; k < counts[i]; k++)
        sum += pixels[line * place.lineStep + (first[i] + k) * place.step] * values[i * widest + k];
      out[line * place.outLineStep + i * place.step] = Math.max(0, Math.min(255, sum >> precision));
    }
  }
}

export type Resize = (pixels: Uint8Array) => Uint8Array;

/**
 * A function that resizes pictures of one size to another, row by row one byte a pixel. Its weights are computed once.
 * A side whose length stays is not filtered, as in Pillow.
 */
export function resizer(width: number, height: number, toWidth: number, toHeight: number): Resize {
  const across = weightsOf(width, toWidth);
  const down = weightsOf(height, toHeight);
  return (pixels) => {
    let wide = pixels;
    if (width !== toWidth) {
      wide = new Uint8Array(toWidth * height);
      resizeLines(pixels, wide, height, across, { step: 1, lineStep: width, outLineStep: toWidth });
    }
    if (height === toHeight) return wide.slice();
    const out = new Uint8Array(toWidth * toHeight);
    resizeLines(wide, out, toWidth, down, { step: toWidth, lineStep: 1, outLineStep: 1 });
    return out;
  };
}
