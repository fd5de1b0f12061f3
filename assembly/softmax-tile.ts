// The softmax over the labels, one tile of classes at a time. x[classes, lanes]; lanes is a multiple of 8.
import { exp4, expOfUpTo88 } from './elementary';

const zeroInMemory: usize = memory.data<f32>([0]);

// x := exp(x - max) with the running maximum of each lane raised by this tile; sum := this tile's sum; rescale :=
// exp(old maximum - new). Returns 1 if some maximum was raised. The caller adds the sums up in double precision: beside
// one large probability those of thousands of labels would be lost in single.
export function softmaxTile(x: usize, classes: i32, lanes: i32, max: usize, sum: usize, rescale: usize): i32 {
  const laneBytes = <usize>lanes << 2;
  const zero = v128.load_splat<f32>(zeroInMemory);
  let raised = 0;
  let l: usize = 0;
  // 16 lanes at a time: an exponential is a chain of 20 operations, and the processor needs several to work on.
  for (; l + 64 <= laneBytes; l += 64) {
    const before0 = v128.load(max + l, 0), before1 = v128.load(max + l, 16);
    const before2 = v128.load(max + l, 32), before3 = v128.load(max + l, 48);
    let m0 = before0, m1 = before1, m2 = before2, m3 = before3;
    let p = x + l;
    let c = classes;
    if (c) do {
      m0 = f32x4.pmax(m0, v128.load(p, 0));
      m1 = f32x4.pmax(m1, v128.load(p, 16));
      m2 = f32x4.pmax(m2, v128.load(p, 32));
      m3 = f32x4.pmax(m3, v128.load(p, 48));
      p += laneBytes;
    } while (--c);
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    p = x + l;
    c = classes;
    if (c) do {
      const e0 = expOfUpTo88(f32x4.sub(v128.load(p, 0), m0)), e1 = expOfUpTo88(f32x4.sub(v128.load(p, 16), m1));
      const e2 = expOfUpTo88(f32x4.sub(v128.load(p, 32), m2)), e3 = expOfUpTo88(f32x4.sub(v128.load(p, 48), m3));
      s0 = f32x4.add(s0, e0);
      s1 = f32x4.add(s1, e1);
      s2 = f32x4.add(s2, e2);
      s3 = f32x4.add(s3, e3);
      v128.store(p, e1, 16); v128.store(p, e0, 0);
      v128.store(p, e3, 48); v128.store(p, e2, 32);
      p += laneBytes;
    } while (--c);
    raised |= endTile(max + l, sum + l, rescale + l, before0, before1, m0, m1, s0, s1);
    raised |= endTile(max + l + 32, sum + l + 32, rescale + l + 32, before2, before3, m2, m3, s2, s3);
  }
  if (l < laneBytes) {
    const before0 = v128.load(max + l, 0), before1 = v128.load(max + l, 16);
    let m0 = before0, m1 = before1;
    let p = x + l;
    let c = classes;
    if (c) do {
      m0 = f32x4.pmax(m0, v128.load(p, 0));
      m1 = f32x4.pmax(m1, v128.load(p, 16));
      p += laneBytes;
    } while (--c);
    let s0 = zero, s1 = zero;
    p = x + l;
    c = classes;
    if (c) do {
      const e0 = expOfUpTo88(f32x4.sub(v128.load(p, 0), m0)), e1 = expOfUpTo88(f32x4.sub(v128.load(p, 16), m1));
      s0 = f32x4.add(s0, e0);
      s1 = f32x4.add(s1, e1);
      v128.store(p, e1, 16); v128.store(p, e0, 0);
      p += laneBytes;
    } while (--c);
    raised |= endTile(max + l, sum + l, rescale + l, before0, before1, m0, m1, s0, s1);
  }
  return raised;
}

// @ts-ignore: decorator
@inline
function endTile(
  max: usize, sum: usize, rescale: usize, before0: v128, before1: v128, m0: v128, m1: v128, s0: v128, s1: v128,
): i32 {
  const r0 = expOfUpTo88(f32x4.sub(before0, m0)), r1 = expOfUpTo88(f32x4.sub(before1, m1));
  v128.store(max, m1, 16); v128.store(max, m0, 0);
  v128.store(sum, s1, 16); v128.store(sum, s0, 0);
  v128.store(rescale, r1, 16); v128.store(rescale, r0, 0);
  return i32(v128.any_true(v128.or(f32x4.ne(m0, before0), f32x4.ne(m1, before1))));
}

// out := exp(x - shift) * factor, all of `length` (a multiple of 8)
export function scaledExp(out: usize, x: usize, shift: usize, factor: usize, length: i32): void {
  for (let i = 0; i < length; i += 8) {
    const at = <usize>i << 2;
    const a = f32x4.mul(exp4(f32x4.sub(v128.load(x + at, 0), v128.load(shift + at, 0))), v128.load(factor + at, 0));
    const b = f32x4.mul(exp4(f32x4.sub(v128.load(x + at, 16), v128.load(shift + at, 16))), v128.load(factor + at, 16));
    v128.store(out + at, b, 16); v128.store(out + at, a, 0);
  }
}

// Raises bestValue[lane] and sets bestIndex[lane] := base + c where a class beats it strictly (the first wins a tie).
export function argmaxTile(bestValue: usize, bestIndex: usize, x: usize, classes: i32, lanes: i32, base: i32): void {
  const laneBytes = <usize>lanes << 2;
  for (let l: usize = 0; l < laneBytes; l += 16) {
    let value = v128.load(bestValue + l);
    let index = v128.load(bestIndex + l);
    let p = x + l;
    for (let c = 0; c < classes; c++) {
      const candidate = v128.load(p);
      const better = f32x4.gt(candidate, value);
      value = v128.bitselect(candidate, value, better);
      index = v128.bitselect(i32x4.splat(base + c), index, better);
      p += laneBytes;
    }
    v128.store(bestValue + l, value);
    v128.store(bestIndex + l, index);
  }
}
