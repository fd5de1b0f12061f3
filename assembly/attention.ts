// Causal attention, every lane (sequence) by itself: the batch is innermost, so nothing is summed across a vector.
// q, k, v, z and their gradients are [heads * headDim, tokens * lanes] with a row stride in bytes; scores and pattern
// are [heads, rows, tokens, lanes], where row 0 is token `firstQuery` and rows = tokens - firstQuery.
// `lanes` is a multiple of 8. Entries with key > query are not written in scores and are 0 in pattern.
import { expOfUpTo88 } from './elementary';

export function attentionScores(
  scores: usize, q: usize, k: usize, stride: usize, heads: i32, headDim: i32, tokens: i32, firstQuery: i32, lanes: i32,
  scale: f32,
): void {
  const by = f32x4.splat(scale);
  const laneBytes = <usize>lanes << 2;
  for (let h = 0; h < heads; h++) {
    const head = <usize>(h * headDim) * stride;
    for (let i = firstQuery; i < tokens; i++) {
      let row = scores + <usize>((h * (tokens - firstQuery) + i - firstQuery) * tokens) * laneBytes;
      for (let j = 0; j <= i; j++) {
        for (let l: usize = 0; l < laneBytes; l += 32) {
          let pq = q + head + <usize>i * laneBytes + l;
          let pk = k + head + <usize>j * laneBytes + l;
          let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
          let d = headDim;
          if (d) do {
            s0 = f32x4.add(s0, f32x4.mul(v128.load(pq, 0), v128.load(pk, 0)));
            s1 = f32x4.add(s1, f32x4.mul(v128.load(pq, 16), v128.load(pk, 16)));
            pq += stride;
            pk += stride;
          } while (--d);
          s0 = f32x4.mul(s0, by);
          s1 = f32x4.mul(s1, by);
          v128.store(row + l, s1, 16); v128.store(row + l, s0, 0);
        }
        row += laneBytes;
      }
    }
  }
}

export function causalSoftmax(pattern: usize, scores: usize, heads: i32, tokens: i32, firstQuery: i32, lanes: i32): void {
  const laneBytes = <usize>lanes << 2;
  const one = f32x4.splat(1);
  for (let h = 0; h < heads; h++) {
    for (let i = firstQuery; i < tokens; i++) {
      const row = <usize>((h * (tokens - firstQuery) + i - firstQuery) * tokens) * laneBytes;
      for (let l: usize = 0; l < laneBytes; l += 32) {
        const ps = scores + row + l;
        const pp = pattern + row + l;
        let m0 = v128.load(ps, 0), m1 = v128.load(ps, 16);
        let at = laneBytes;
        let j = i;
        if (j) do {
          m0 = f32x4.pmax(m0, v128.load(ps + at, 0));
          m1 = f32x4.pmax(m1, v128.load(ps + at, 16));
          at += laneBytes;
        } while (--j);
        let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
        at = 0;
        j = i + 1;
        do {
          const e0 = expOfUpTo88(f32x4.sub(v128.load(ps + at, 0), m0));
          const e1 = expOfUpTo88(f32x4.sub(v128.load(ps + at, 16), m1));
          s0 = f32x4.add(s0, e0);
          s1 = f32x4.add(s1, e1);
          v128.store(pp + at, e1, 16); v128.store(pp + at, e0, 0);
          at += laneBytes;
        } while (--j);
        const r0 = f32x4.div(one, s0), r1 = f32x4.div(one, s1);
        at = 0;
        j = i + 1;
        do {
          const p0 = f32x4.mul(v128.load(pp + at, 0), r0), p1 = f32x4.mul(v128.load(pp + at, 16), r1);
          v128.store(pp + at, p1, 16); v128.store(pp + at, p0, 0);
          at += laneBytes;
        } while (--j);
        const zero = f32x4.splat(0);
        for (let j = i + 1; j < tokens; j++) {
          v128.store(pp + at, zero, 16); v128.store(pp + at, zero, 0);
          at += laneBytes;
        }
      }
    }
  }
}

// z[., i] := sum over keys of pattern[i, j] v[., j]
export function attentionMix(
  z: usize, zStride: usize, pattern: usize, v: usize, vStride: usize, heads: i32, headDim: i32, tokens: i32,
  firstQuery: i32, lanes: i32,
): void {
  const laneBytes = <usize>lanes << 2;
  for (let h = 0; h < heads; h++) {
    for (let i = firstQuery; i < tokens; i++) {
      const row = pattern + <usize>((h * (tokens - firstQuery) + i - firstQuery) * tokens) * laneBytes;
      for (let d = 0; d < headDim; d++) {
        const values = v + <usize>(h * headDim + d) * vStride;
        const out = z + <usize>(h * headDim + d) * zStride + <usize>i * laneBytes;
        for (let l: usize = 0; l < laneBytes; l += 32) {
          let pp = row + l, pv = values + l;
          let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
          let j = i + 1;
          do {
            s0 = f32x4.add(s0, f32x4.mul(v128.load(pp, 0), v128.load(pv, 0)));
            s1 = f32x4.add(s1, f32x4.mul(v128.load(pp, 16), v128.load(pv, 16)));
            pp += laneBytes;
            pv += laneBytes;
          } while (--j);
          v128.store(out + l, s1, 16); v128.store(out + l, s0, 0);
        }
      }
    }
  }
}

// dPattern[i, j] := sum over features of dz[., i] v[., j]
export function attentionPatternGradient(
  dPattern: usize, dz: usize, dzStride: usize, v: usize, vStride: usize, heads: i32, headDim: i32, tokens: i32,
  firstQuery: i32, lanes: i32,
): void {
  const laneBytes = <usize>lanes << 2;
  for (let h = 0; h < heads; h++) {
    for (let i = firstQuery; i < tokens; i++) {
      let row = dPattern + <usize>((h * (tokens - firstQuery) + i - firstQuery) * tokens) * laneBytes;
      for (let j = 0; j <= i; j++) {
        for (let l: usize = 0; l < laneBytes; l += 32) {
          let pz = dz + <usize>(h * headDim) * dzStride + <usize>i * laneBytes + l;
          let pv = v + <usize>(h * headDim) * vStride + <usize>j * laneBytes + l;
          let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
          let d = headDim;
          if (d) do {
            s0 = f32x4.add(s0, f32x4.mul(v128.load(pz, 0), v128.load(pv, 0)));
            s1 = f32x4.add(s1, f32x4.mul(v128.load(pz, 16), v128.load(pv, 16)));
            pz += dzStride;
            pv += vStride;
          } while (--d);
          v128.store(row + l, s1, 16); v128.store(row + l, s0, 0);
        }
        row += laneBytes;
      }
    }
  }
}

// dScores := pattern * (dPattern - sum over keys of dPattern * pattern); may overwrite dPattern
export function causalSoftmaxBackward(
  dScores: usize, dPattern: usize, pattern: usize, heads: i32, tokens: i32, firstQuery: i32, lanes: i32,
): void {
  const laneBytes = <usize>lanes << 2;
  for (let h = 0; h < heads; h++) {
    for (let i = firstQuery; i < tokens; i++) {
      const row = <usize>((h * (tokens - firstQuery) + i - firstQuery) * tokens) * laneBytes;
      for (let l: usize = 0; l < laneBytes; l += 32) {
        let pd = dPattern + row + l, pp = pattern + row + l, po = dScores + row + l;
        let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
        let j = i + 1;
        do {
          s0 = f32x4.add(s0, f32x4.mul(v128.load(pd, 0), v128.load(pp, 0)));
          s1 = f32x4.add(s1, f32x4.mul(v128.load(pd, 16), v128.load(pp, 16)));
          pd += laneBytes;
          pp += laneBytes;
        } while (--j);
        pd = dPattern + row + l;
        pp = pattern + row + l;
        j = i + 1;
        do {
          const g0 = f32x4.mul(v128.load(pp, 0), f32x4.sub(v128.load(pd, 0), s0));
          const g1 = f32x4.mul(v128.load(pp, 16), f32x4.sub(v128.load(pd, 16), s1));
          v128.store(po, g1, 16); v128.store(po, g0, 0);
          pd += laneBytes;
          pp += laneBytes;
          po += laneBytes;
        } while (--j);
      }
    }
  }
}

// dq[., i] := scale * sum over keys j <= i of dScores[i, j] k[., j]
export function attentionQueryGradient(
  dq: usize, dqStride: usize, dScores: usize, k: usize, kStride: usize, heads: i32, headDim: i32, tokens: i32,
  firstQuery: i32, lanes: i32, scale: f32,
): void {
  attentionMix(dq, dqStride, dScores, k, kStride, heads, headDim, tokens, firstQuery, lanes);
  const by = f32x4.splat(scale);
  const laneBytes = <usize>lanes << 2;
  for (let f = 0; f < heads * headDim; f++) {
    let p = dq + <usize>f * dqStride + <usize>firstQuery * laneBytes;
    const end = dq + <usize>f * dqStride + <usize>tokens * laneBytes;
    while (p < end) {
      const a = f32x4.mul(v128.load(p, 0), by), b = f32x4.mul(v128.load(p, 16), by);
      v128.store(p, b, 16); v128.store(p, a, 0);
      p += 32;
    }
  }
}

// out[., j] := scale * sum over queries i >= max(j, firstQuery) of weights[i, j] x[., i]: the gradients of k (from
// dScores and q) and of v (from pattern and dz, scale 1)
export function attentionKeyGradient(
  out: usize, outStride: usize, weights: usize, x: usize, xStride: usize, heads: i32, headDim: i32, tokens: i32,
  firstQuery: i32, lanes: i32, scale: f32,
): void {
  const by = f32x4.splat(scale);
  const laneBytes = <usize>lanes << 2;
  const rowBytes = <usize>tokens * laneBytes;
  for (let h = 0; h < heads; h++) {
    for (let j = 0; j < tokens; j++) {
      const first = j > firstQuery ? j : firstQuery;
      const column = weights + <usize>((h * (tokens - firstQuery) + first - firstQuery) * tokens + j) * laneBytes;
      for (let d = 0; d < headDim; d++) {
        const from = x + <usize>(h * headDim + d) * xStride + <usize>first * laneBytes;
        const to = out + <usize>(h * headDim + d) * outStride + <usize>j * laneBytes;
        for (let l: usize = 0; l < laneBytes; l += 32) {
          let pw = column + l, px = from + l;
          let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
          let i = tokens - first;
          do {
            s0 = f32x4.add(s0, f32x4.mul(v128.load(pw, 0), v128.load(px, 0)));
            s1 = f32x4.add(s1, f32x4.mul(v128.load(pw, 16), v128.load(px, 16)));
            pw += rowBytes;
            px += laneBytes;
          } while (--i);
          s0 = f32x4.mul(s0, by);
          s1 = f32x4.mul(s1, by);
          v128.store(to + l, s1, 16); v128.store(to + l, s0, 0);
        }
      }
    }
  }
}

// Rotates neighbouring features (2k, 2k + 1) of every head by the token's angle; `table` holds cos, sin per
// [token, headDim / 2]. `direction` is 1 forward, -1 for the gradient.
export function rotate(
  x: usize, stride: usize, table: usize, heads: i32, headDim: i32, tokens: i32, firstToken: i32, lanes: i32, direction: f32,
): void {
  const laneBytes = <usize>lanes << 2;
  const half = headDim >> 1;
  for (let h = 0; h < heads; h++) {
    for (let t = firstToken; t < tokens; t++) {
      for (let pair = 0; pair < half; pair++) {
        const entry = table + (<usize>(t * half + pair) << 3);
        const c = v128.load_splat<f32>(entry);
        const s = f32x4.splat(load<f32>(entry, 4) * direction);
        const p = x + <usize>(h * headDim + 2 * pair) * stride + <usize>t * laneBytes;
        const q = p + stride;
        for (let l: usize = 0; l < laneBytes; l += 32) {
          const a0 = v128.load(p + l, 0), a1 = v128.load(p + l, 16), b0 = v128.load(q + l, 0), b1 = v128.load(q + l, 16);
          const u0 = f32x4.sub(f32x4.mul(a0, c), f32x4.mul(b0, s)), u1 = f32x4.sub(f32x4.mul(a1, c), f32x4.mul(b1, s));
          const w0 = f32x4.add(f32x4.mul(a0, s), f32x4.mul(b0, c)), w1 = f32x4.add(f32x4.mul(a1, s), f32x4.mul(b1, c));
          v128.store(p + l, u1, 16); v128.store(p + l, u0, 0);
          v128.store(q + l, w1, 16); v128.store(q + l, w0, 0);
        }
      }
    }
  }
}
