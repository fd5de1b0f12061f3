// Simple work on matrices [rows, columns] whose columns are (token, lane) pairs; columns is a multiple of 8, strides
// in bytes.
import { sumLanes } from './elementary';

// x[r, :] := bias[r]
export function fillRows(x: usize, stride: usize, bias: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    const value = v128.load_splat<f32>(bias + (<usize>r << 2));
    let p = x + <usize>r * stride;
    let j = columns >> 3;
    if (j) do {
      v128.store(p, value, 16); v128.store(p, value, 0);
      p += 32;
    } while (--j);
  }
}

// x[r, :] += bias[r]
export function addRows(x: usize, stride: usize, bias: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    const value = v128.load_splat<f32>(bias + (<usize>r << 2));
    let p = x + <usize>r * stride;
    let j = columns >> 3;
    if (j) do {
      const a = f32x4.add(v128.load(p, 0), value);
      const b = f32x4.add(v128.load(p, 16), value);
      v128.store(p, b, 16); v128.store(p, a, 0);
      p += 32;
    } while (--j);
  }
}

// out[r] (+)= sum over columns of x[r, :]
export function rowSums(out: usize, x: usize, stride: usize, rows: i32, columns: i32, accumulate: i32): void {
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * stride;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
    let j = columns >> 3;
    if (j) do {
      s0 = f32x4.add(s0, v128.load(p, 0));
      s1 = f32x4.add(s1, v128.load(p, 16));
      p += 32;
    } while (--j);
    const sum = sumLanes(f32x4.add(s0, s1));
    const at = out + (<usize>r << 2);
    store<f32>(at, accumulate ? load<f32>(at) + sum : sum);
  }
}

// x[r, j] *= factor[j]
export function scaleColumns(x: usize, stride: usize, factor: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * stride;
    let f = factor;
    let j = columns >> 3;
    if (j) do {
      const a = f32x4.mul(v128.load(p, 0), v128.load(f, 0));
      const b = f32x4.mul(v128.load(p, 16), v128.load(f, 16));
      v128.store(p, b, 16); v128.store(p, a, 0);
      p += 32;
      f += 32;
    } while (--j);
  }
}

// out[r, j] (+)= x[r, j] * factor[j]
export function addScaledColumns(
  out: usize, outStride: usize, x: usize, stride: usize, factor: usize, rows: i32, columns: i32, accumulate: i32,
): void {
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * stride;
    let q = out + <usize>r * outStride;
    let f = factor;
    let j = columns >> 3;
    if (j) do {
      let a = f32x4.mul(v128.load(p, 0), v128.load(f, 0));
      let b = f32x4.mul(v128.load(p, 16), v128.load(f, 16));
      if (accumulate) {
        a = f32x4.add(v128.load(q, 0), a);
        b = f32x4.add(v128.load(q, 16), b);
      }
      v128.store(q, b, 16); v128.store(q, a, 0);
      p += 32;
      q += 32;
      f += 32;
    } while (--j);
  }
}

// out[r, :] (+)= x[r, :]
export function addMatrix(
  out: usize, outStride: usize, x: usize, stride: usize, rows: i32, columns: i32, accumulate: i32,
): void {
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * stride;
    let q = out + <usize>r * outStride;
    let j = columns >> 3;
    if (j) do {
      let a = v128.load(p, 0);
      let b = v128.load(p, 16);
      if (accumulate) {
        a = f32x4.add(v128.load(q, 0), a);
        b = f32x4.add(v128.load(q, 16), b);
      }
      v128.store(q, b, 16); v128.store(q, a, 0);
      p += 32;
      q += 32;
    } while (--j);
  }
}

// out[c, r] := x[r, c], any size; 4 x 4 blocks through registers
export function transpose(out: usize, outStride: usize, x: usize, stride: usize, rows: i32, columns: i32): void {
  const blockRows = rows & ~3;
  const blockColumns = columns & ~3;
  for (let r = 0; r < blockRows; r += 4) {
    let p = x + <usize>r * stride;
    let q = out + (<usize>r << 2);
    for (let c = 0; c < blockColumns; c += 4) {
      const a = v128.load(p), b = v128.load(p + stride), d = v128.load(p + 2 * stride), e = v128.load(p + 3 * stride);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const de0 = v128.shuffle<f32>(d, e, 0, 4, 1, 5), de1 = v128.shuffle<f32>(d, e, 2, 6, 3, 7);
      v128.store(q, v128.shuffle<f32>(ab0, de0, 0, 1, 4, 5));
      v128.store(q + outStride, v128.shuffle<f32>(ab0, de0, 2, 3, 6, 7));
      v128.store(q + 2 * outStride, v128.shuffle<f32>(ab1, de1, 0, 1, 4, 5));
      v128.store(q + 3 * outStride, v128.shuffle<f32>(ab1, de1, 2, 3, 6, 7));
      p += 16;
      q += 4 * outStride;
    }
  }
  for (let r = 0; r < rows; r++) {
    for (let c = r < blockRows ? blockColumns : 0; c < columns; c++) {
      store<f32>(out + <usize>c * outStride + (<usize>r << 2), load<f32>(x + <usize>r * stride + (<usize>c << 2)));
    }
  }
}
