// LayerNorm over the features (rows) of each column of x[features, columns]; columns is a multiple of 8.
import { sumLanes } from './elementary';

export function layerNorm(
  out: usize, outStride: usize, x: usize, stride: usize, gain: usize, bias: usize, mean: usize, inverseDeviation: usize,
  features: i32, columns: i32, epsilon: f32,
): void {
  const perFeature = f32x4.splat(<f32>1 / <f32>features);
  const one = f32x4.splat(1);
  const eps = f32x4.splat(epsilon);
  for (let j = 0; j < columns; j += 8) {
    const at = <usize>j << 2;
    let p = x + at;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
    let f = features;
    if (f) do {
      s0 = f32x4.add(s0, v128.load(p, 0));
      s1 = f32x4.add(s1, v128.load(p, 16));
      p += stride;
    } while (--f);
    const m0 = f32x4.mul(s0, perFeature), m1 = f32x4.mul(s1, perFeature);
    s0 = f32x4.splat(0); s1 = f32x4.splat(0);
    p = x + at;
    f = features;
    if (f) do {
      const d0 = f32x4.sub(v128.load(p, 0), m0), d1 = f32x4.sub(v128.load(p, 16), m1);
      s0 = f32x4.add(s0, f32x4.mul(d0, d0));
      s1 = f32x4.add(s1, f32x4.mul(d1, d1));
      p += stride;
    } while (--f);
    const r0 = f32x4.div(one, f32x4.sqrt(f32x4.add(f32x4.mul(s0, perFeature), eps)));
    const r1 = f32x4.div(one, f32x4.sqrt(f32x4.add(f32x4.mul(s1, perFeature), eps)));
    v128.store(mean + at, m1, 16); v128.store(mean + at, m0, 0);
    v128.store(inverseDeviation + at, r1, 16); v128.store(inverseDeviation + at, r0, 0);
    p = x + at;
    let q = out + at;
    let pg = gain, pb = bias;
    f = features;
    if (f) do {
      const g = v128.load_splat<f32>(pg), b = v128.load_splat<f32>(pb);
      const y0 = f32x4.add(f32x4.mul(f32x4.mul(f32x4.sub(v128.load(p, 0), m0), r0), g), b);
      const y1 = f32x4.add(f32x4.mul(f32x4.mul(f32x4.sub(v128.load(p, 16), m1), r1), g), b);
      v128.store(q, y1, 16); v128.store(q, y0, 0);
      p += stride;
      q += outStride;
      pg += 4;
      pb += 4;
    } while (--f);
  }
}

// dx (+)= the gradient through the norm of dy
export function layerNormBackward(
  dx: usize, dxStride: usize, dy: usize, dyStride: usize, x: usize, stride: usize, gain: usize, mean: usize,
  inverseDeviation: usize, features: i32, columns: i32, accumulate: i32,
): void {
  const perFeature = f32x4.splat(<f32>1 / <f32>features);
  for (let j = 0; j < columns; j += 8) {
    const at = <usize>j << 2;
    const m0 = v128.load(mean + at, 0), m1 = v128.load(mean + at, 16);
    const r0 = v128.load(inverseDeviation + at, 0), r1 = v128.load(inverseDeviation + at, 16);
    let a0 = f32x4.splat(0), a1 = f32x4.splat(0), b0 = f32x4.splat(0), b1 = f32x4.splat(0);
    let p = x + at, q = dy + at, pg = gain;
    let f = features;
    if (f) do {
      const g = v128.load_splat<f32>(pg);
      const d0 = f32x4.mul(v128.load(q, 0), g), d1 = f32x4.mul(v128.load(q, 16), g);
      a0 = f32x4.add(a0, d0);
      a1 = f32x4.add(a1, d1);
      b0 = f32x4.add(b0, f32x4.mul(d0, f32x4.mul(f32x4.sub(v128.load(p, 0), m0), r0)));
      b1 = f32x4.add(b1, f32x4.mul(d1, f32x4.mul(f32x4.sub(v128.load(p, 16), m1), r1)));
      p += stride;
      q += dyStride;
      pg += 4;
    } while (--f);
    a0 = f32x4.mul(a0, perFeature); a1 = f32x4.mul(a1, perFeature);
    b0 = f32x4.mul(b0, perFeature); b1 = f32x4.mul(b1, perFeature);
    p = x + at; q = dy + at; pg = gain;
    let o = dx + at;
    f = features;
    if (f) do {
      const g = v128.load_splat<f32>(pg);
      const h0 = f32x4.mul(f32x4.sub(v128.load(p, 0), m0), r0), h1 = f32x4.mul(f32x4.sub(v128.load(p, 16), m1), r1);
      let y0 = f32x4.mul(r0, f32x4.sub(f32x4.sub(f32x4.mul(v128.load(q, 0), g), a0), f32x4.mul(h0, b0)));
      let y1 = f32x4.mul(r1, f32x4.sub(f32x4.sub(f32x4.mul(v128.load(q, 16), g), a1), f32x4.mul(h1, b1)));
      if (accumulate) {
        y0 = f32x4.add(v128.load(o, 0), y0);
        y1 = f32x4.add(v128.load(o, 16), y1);
      }
      v128.store(o, y1, 16); v128.store(o, y0, 0);
      p += stride;
      q += dyStride;
      o += dxStride;
      pg += 4;
    } while (--f);
  }
}

// dGain[f] := sum over columns of dy * normalised x
export function layerNormGainGradient(
  dGain: usize, dy: usize, dyStride: usize, x: usize, stride: usize, mean: usize, inverseDeviation: usize,
  features: i32, columns: i32,
): void {
  for (let f = 0; f < features; f++) {
    let p = x + <usize>f * stride, q = dy + <usize>f * dyStride;
    let m = mean, r = inverseDeviation;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
    let j = columns >> 3;
    if (j) do {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(q, 0), f32x4.mul(f32x4.sub(v128.load(p, 0), v128.load(m, 0)), v128.load(r, 0))));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(q, 16), f32x4.mul(f32x4.sub(v128.load(p, 16), v128.load(m, 16)), v128.load(r, 16))));
      p += 32;
      q += 32;
      m += 32;
      r += 32;
    } while (--j);
    store<f32>(dGain + (<usize>f << 2), sumLanes(f32x4.add(s0, s1)));
  }
}
