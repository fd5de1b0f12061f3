// Feature vectors of the synthetic source, four classes at a time (one per lane). Specification:
// src/data/synthetic/reference.ts (same bytes). Strict operations only.
import { randomWords, scaledNormals } from './random';

// Walsh-Hadamard butterflies at distances h, 2h, 4h over x[dim] of vectors, after flipping the signs of x.
// signs = 0: none. Each distance is finished before the next, so the sums are those of the plain algorithm.
function transform8(x: usize, dim: i32, h: i32, signs: usize): void {
  const stride = <usize>h << 4;
  const block = stride << 3;
  const end = x + (<usize>dim << 4);
  for (let start = x; start < end; start += block) {
    for (let p = start; p < start + stride; p += 16) {
      let q = p;
      let a0 = v128.load(q); q += stride;
      let a1 = v128.load(q); q += stride;
      let a2 = v128.load(q); q += stride;
      let a3 = v128.load(q); q += stride;
      let a4 = v128.load(q); q += stride;
      let a5 = v128.load(q); q += stride;
      let a6 = v128.load(q); q += stride;
      let a7 = v128.load(q);
      if (signs) {
        let s = signs + ((p - x) >> 2);
        const step = stride >> 2;
        a0 = v128.xor(a0, v128.load_splat<i32>(s)); s += step;
        a1 = v128.xor(a1, v128.load_splat<i32>(s)); s += step;
        a2 = v128.xor(a2, v128.load_splat<i32>(s)); s += step;
        a3 = v128.xor(a3, v128.load_splat<i32>(s)); s += step;
        a4 = v128.xor(a4, v128.load_splat<i32>(s)); s += step;
        a5 = v128.xor(a5, v128.load_splat<i32>(s)); s += step;
        a6 = v128.xor(a6, v128.load_splat<i32>(s)); s += step;
        a7 = v128.xor(a7, v128.load_splat<i32>(s));
      }
      const b0 = f32x4.add(a0, a1), b1 = f32x4.sub(a0, a1);
      const b2 = f32x4.add(a2, a3), b3 = f32x4.sub(a2, a3);
      const b4 = f32x4.add(a4, a5), b5 = f32x4.sub(a4, a5);
      const b6 = f32x4.add(a6, a7), b7 = f32x4.sub(a6, a7);
      a0 = f32x4.add(b0, b2); a2 = f32x4.sub(b0, b2);
      a1 = f32x4.add(b1, b3); a3 = f32x4.sub(b1, b3);
      a4 = f32x4.add(b4, b6); a6 = f32x4.sub(b4, b6);
      a5 = f32x4.add(b5, b7); a7 = f32x4.sub(b5, b7);
      q = p;
      v128.store(q, f32x4.add(a0, a4)); q += stride;
      v128.store(q, f32x4.add(a1, a5)); q += stride;
      v128.store(q, f32x4.add(a2, a6)); q += stride;
      v128.store(q, f32x4.add(a3, a7)); q += stride;
      v128.store(q, f32x4.sub(a0, a4)); q += stride;
      v128.store(q, f32x4.sub(a1, a5)); q += stride;
      v128.store(q, f32x4.sub(a2, a6)); q += stride;
      v128.store(q, f32x4.sub(a3, a7));
    }
  }
}

// The same for the single distance h.
function transform2(x: usize, dim: i32, h: i32): void {
  const stride = <usize>h << 4;
  const end = x + (<usize>dim << 4);
  for (let start = x; start < end; start += stride << 1) {
    for (let p = start; p < start + stride; p += 16) {
      const a = v128.load(p), b = v128.load(p + stride);
      v128.store(p, f32x4.add(a, b));
      v128.store(p + stride, f32x4.sub(a, b));
    }
  }
}

// x := H diag(signs) x, H not normalised; dim a power of two >= 8.
function rotate(x: usize, dim: i32, signs: usize): void {
  transform8(x, dim, 1, signs);
  let h = 8;
  for (; h << 3 <= dim; h <<= 3) transform8(x, dim, h, 0);
  for (; h < dim; h <<= 1) transform2(x, dim, h);
}

// Nearest integers, ties to even, of x clipped to [-127, 127].
// @ts-ignore: decorator
@inline
function quantise(x: v128): v128 {
  const clipped = f32x4.max(f32x4.splat(-127), f32x4.min(f32x4.splat(127), x));
  return i32x4.sub(f32x4.add(clipped, f32x4.splat(12582912)), i32x4.splat(0x4b400000));
}

// Rows out + lane * laneBytes of dim bytes each, from x[dim] of vectors.
function storeQuantised(out: usize, laneBytes: usize, x: usize, dim: i32): void {
  for (let i = 0; i < dim; i += 4) {
    const p = x + (<usize>i << 4);
    const low = i16x8.narrow_i32x4_s(quantise(v128.load(p)), quantise(v128.load(p, 16)));
    const high = i16x8.narrow_i32x4_s(quantise(v128.load(p, 32)), quantise(v128.load(p, 48)));
    const bytes = i8x16.narrow_i16x8_s(low, high);
    const rows = i8x16.shuffle(bytes, bytes, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    let q = out + <usize>i;
    v128.store_lane<i32>(q, rows, 0); q += laneBytes;
    v128.store_lane<i32>(q, rows, 1); q += laneBytes;
    v128.store_lane<i32>(q, rows, 2); q += laneBytes;
    v128.store_lane<i32>(q, rows, 3);
  }
}

// out[4, exemplars, dim] := the stored bytes of classes firstClass .. firstClass + 3.
// tables: classAmplitudes[dim], exemplarAmplitudes[dim] (float32), signs[2, dim] (int32).
// scratch: 2 * dim vectors of 16 bytes.
export function syntheticClasses(
  out: usize, scratch: usize, tables: usize, firstClass: i32, exemplars: i32, dim: i32,
  classKey0: i32, classKey1: i32, exemplarKey0: i32, exemplarKey1: i32,
): void {
  const rowBytes = <usize>dim << 2;
  const center = scratch, x = scratch + (<usize>dim << 4);
  const signs = tables + (rowBytes << 1);
  const half = dim >> 1;
  randomWords(center, half, classKey0, classKey1, firstClass, 0);
  scaledNormals(center, 0, tables, dim);
  for (let e = 0; e < exemplars; e++) {
    randomWords(x, half, exemplarKey0, exemplarKey1, firstClass, e * half);
    scaledNormals(x, center, tables + rowBytes, dim);
    rotate(x, dim, 0);
    rotate(x, dim, signs);
    rotate(x, dim, signs + rowBytes);
    storeQuantised(out + <usize>(e * dim), <usize>(exemplars * dim), x, dim);
  }
}
