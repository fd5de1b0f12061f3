// Optimizer steps over flat arrays of any length, and sums over them. Moments below 2^-100 become 0: Wasm cannot flush
// denormals, and they would slow every later step of a row that is no longer used. At that size the root of v is below
// 1e-15, and m over epsilon below 1e-18: with an epsilon of at least 1e-12 (the config's bound) no weight feels it.
//
// Each step gives 0, or NaN where anything it wrote is not finite: x - x is 0, all bits clear, for finite x alone. A mean
// that is not finite makes its weight so, unless the square is infinite; so weights and squares are looked at.

const tiny: f32 = 7.888609052210118e-31;
// Constants from memory, not immediates: see elementary.ts.
const tinyInMemory: usize = memory.data<f32>([7.888609052210118e-31]);
const magnitudeInMemory: usize = memory.data<u32>([0x7fffffff]);
const zeroInMemory: usize = memory.data<f32>([0]);
const oneInMemory: usize = memory.data<f32>([1]);

// Where an instance writes what it reads back at once: V8 packs two vectors into one for pairs of stores alone. Every
// instance on a memory needs a place of its own, and takes the next of 63 in the last 4 KiB of the first page, which no
// data segment reaches.
const places: usize = 61440;
let place: usize = 0;

// @ts-ignore: decorator
@inline
function ownPlace(): usize {
  if (!place) place = places + 64 + <usize>((atomic.add<u32>(places, 1) % 63) << 6);
  return place;
}

// NaN is kept: only a magnitude that compares below the threshold becomes 0.
// @ts-ignore: decorator
@inline
function flushed(x: v128, magnitude: v128, threshold: v128): v128 {
  return v128.andnot(x, f32x4.lt(v128.and(x, magnitude), threshold));
}

// @ts-ignore: decorator
@inline
function stepped(w: v128, numerator: v128, root: v128, correction: v128, eps: v128): v128 {
  return f32x4.sub(w, f32x4.div(numerator, f32x4.add(f32x4.mul(root, correction), eps)));
}

// The rule, 8 elements at a time. A root and a division take 30 cycles one after the other, and whatever waits for them
// keeps the processor from looking ahead: so each turn begins the roots of 8 elements and ends those of the turn before;
// the first ends with w - 0 / 1. With neither gradient nor decay, m and v are only multiplied: adding 0 to what is never
// -0 would change no bit.
// @ts-ignore: decorator
@inline
function adamVectors(
  w: usize, m: usize, v: usize, gradient: usize, length: i32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  stepSize: f32, secondCorrection: f32, epsilon: f32, isGiven: bool, isDecayed: bool,
): f32 {
  let left = length >> 3;
  if (!left) return 0;
  const zero = v128.load_splat<f32>(zeroInMemory), one = v128.load_splat<f32>(oneInMemory);
  const b1 = f32x4.splat(beta1), c1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), c2 = f32x4.splat(rest2);
  const step = f32x4.splat(stepSize), correction = f32x4.splat(secondCorrection), eps = f32x4.splat(epsilon);
  const wd = f32x4.splat(decay);
  const threshold = v128.load_splat<f32>(tinyInMemory), magnitude = v128.load_splat<f32>(magnitudeInMemory);
  const own = ownPlace();
  let unsound0 = zero, unsound1 = zero;
  let root0 = one, root1 = one, numerator0 = zero, numerator1 = zero;
  let w0 = v128.load(w, 0), w1 = v128.load(w, 16);
  let behind: usize = 0;
  do {
    const next0 = v128.load(w, 0), next1 = v128.load(w, 16);
    let m0 = f32x4.mul(b1, v128.load(m, 0)), m1 = f32x4.mul(b1, v128.load(m, 16));
    let v0 = f32x4.mul(b2, v128.load(v, 0)), v1 = f32x4.mul(b2, v128.load(v, 16));
    if (isGiven || isDecayed) {
      let g0: v128, g1: v128;
      if (isGiven) {
        g0 = v128.load(gradient, 0); g1 = v128.load(gradient, 16);
        if (isDecayed) {
          g0 = f32x4.add(g0, f32x4.mul(wd, next0));
          g1 = f32x4.add(g1, f32x4.mul(wd, next1));
        }
      } else {
        g0 = f32x4.mul(wd, next0); g1 = f32x4.mul(wd, next1);
      }
      m0 = f32x4.add(m0, f32x4.mul(c1, g0)); m1 = f32x4.add(m1, f32x4.mul(c1, g1));
      v0 = f32x4.add(v0, f32x4.mul(c2, f32x4.mul(g0, g0))); v1 = f32x4.add(v1, f32x4.mul(c2, f32x4.mul(g1, g1)));
    }
    m0 = flushed(m0, magnitude, threshold); m1 = flushed(m1, magnitude, threshold);
    v0 = flushed(v0, magnitude, threshold); v1 = flushed(v1, magnitude, threshold);
    v128.store(m, m1, 16); v128.store(m, m0, 0);
    v128.store(v, v1, 16); v128.store(v, v0, 0);
    unsound0 = v128.or(unsound0, f32x4.sub(v0, v0)); unsound1 = v128.or(unsound1, f32x4.sub(v1, v1));
    w0 = stepped(w0, numerator0, root0, correction, eps); w1 = stepped(w1, numerator1, root1, correction, eps);
    const ended = w - behind;
    v128.store(ended, w1, 16); v128.store(ended, w0, 0);
    unsound0 = v128.or(unsound0, f32x4.sub(w0, w0)); unsound1 = v128.or(unsound1, f32x4.sub(w1, w1));
    root0 = f32x4.sqrt(v0); root1 = f32x4.sqrt(v1);
    numerator0 = f32x4.mul(step, m0); numerator1 = f32x4.mul(step, m1);
    w0 = next0; w1 = next1;
    behind = 32;
    w += 32; m += 32; v += 32;
    if (isGiven) gradient += 32;
  } while (--left);
  w0 = stepped(w0, numerator0, root0, correction, eps); w1 = stepped(w1, numerator1, root1, correction, eps);
  v128.store(w - 32, w1, 16); v128.store(w - 32, w0, 0);
  unsound0 = v128.or(unsound0, f32x4.sub(w0, w0)); unsound1 = v128.or(unsound1, f32x4.sub(w1, w1));
  v128.store(own, unsound1, 16); v128.store(own, unsound0, 0);
  return v128.any_true(v128.or(v128.load(own, 0), v128.load(own, 16))) ? NaN : 0;
}

// What is left of fewer than 8.
function adamRest(
  w: usize, m: usize, v: usize, gradient: usize, length: i32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  stepSize: f32, secondCorrection: f32, epsilon: f32,
): f32 {
  let unsound: f32 = 0;
  for (let i = length & ~7; i < length; i++) {
    const at = <usize>i << 2;
    const weight = load<f32>(w + at);
    const g: f32 = gradient ? load<f32>(gradient + at) + decay * weight : decay * weight;
    let mi = beta1 * load<f32>(m + at) + rest1 * g;
    let vi = beta2 * load<f32>(v + at) + rest2 * (g * g);
    if (abs(mi) < tiny) mi = 0;
    if (abs(vi) < tiny) vi = 0;
    store<f32>(m + at, mi);
    store<f32>(v + at, vi);
    const updated = weight - stepSize * mi / (sqrt(vi) * secondCorrection + epsilon);
    store<f32>(w + at, updated);
    unsound += (updated - updated) + (vi - vi);
  }
  return unsound;
}

// @ts-ignore: decorator
@inline
function adamRange(
  w: usize, m: usize, v: usize, gradient: usize, length: i32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  stepSize: f32, secondCorrection: f32, epsilon: f32, isGiven: bool,
): f32 {
  const rest = adamRest(w, m, v, gradient, length, decay, beta1, rest1, beta2, rest2, stepSize, secondCorrection, epsilon);
  if (decay != 0) {
    return rest + adamVectors(w, m, v, gradient, length, decay, beta1, rest1, beta2, rest2, stepSize, secondCorrection,
      epsilon, isGiven, true);
  }
  return rest + adamVectors(w, m, v, gradient, length, 0, beta1, rest1, beta2, rest2, stepSize, secondCorrection,
    epsilon, isGiven, false);
}

// g := gradient + decay * w; m, v, w as Adam with bias-corrected step and denominator:
// w -= stepSize * m / (sqrt(v) * secondCorrection + epsilon). rest1 = 1 - beta1 and rest2 = 1 - beta2 are rounded from
// the exact difference by the caller: 1 - (float) .999 would be off by 1e-5.
export function adam(
  w: usize, m: usize, v: usize, gradient: usize, length: i32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  stepSize: f32, secondCorrection: f32, epsilon: f32,
): f32 {
  return adamRange(w, m, v, gradient, length, decay, beta1, rest1, beta2, rest2, stepSize, secondCorrection, epsilon, true);
}

// Adam where the gradient is zero everywhere (rows of a table that no sequence used)
export function adamZeroGradient(
  w: usize, m: usize, v: usize, length: i32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, stepSize: f32,
  secondCorrection: f32, epsilon: f32,
): f32 {
  return adamRange(w, m, v, 0, length, decay, beta1, rest1, beta2, rest2, stepSize, secondCorrection, epsilon, false);
}

// w -= rate * (gradient + decay * w)
export function sgd(w: usize, gradient: usize, length: i32, decay: f32, rate: f32): f32 {
  const zero = f32x4.splat(0);
  let unsound0 = zero, unsound1 = zero;
  let unsoundRest: f32 = 0;
  const r = f32x4.splat(rate), wd = f32x4.splat(decay);
  const own = ownPlace();
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    const at = <usize>i << 2;
    const w0 = v128.load(w + at, 0), w1 = v128.load(w + at, 16);
    const g0 = f32x4.add(v128.load(gradient + at, 0), f32x4.mul(wd, w0));
    const g1 = f32x4.add(v128.load(gradient + at, 16), f32x4.mul(wd, w1));
    const u0 = f32x4.sub(w0, f32x4.mul(r, g0)), u1 = f32x4.sub(w1, f32x4.mul(r, g1));
    v128.store(w + at, u1, 16); v128.store(w + at, u0, 0);
    unsound0 = v128.or(unsound0, f32x4.sub(u0, u0));
    unsound1 = v128.or(unsound1, f32x4.sub(u1, u1));
  }
  for (; i < length; i++) {
    const at = <usize>i << 2;
    const value = load<f32>(w + at);
    const updated = value - rate * (load<f32>(gradient + at) + decay * value);
    store<f32>(w + at, updated);
    unsoundRest += updated - updated;
  }
  v128.store(own, unsound1, 16); v128.store(own, unsound0, 0);
  return v128.any_true(v128.or(v128.load(own, 0), v128.load(own, 16))) ? NaN : unsoundRest;
}

// 0, or NaN where a number is not finite
export function unsoundness(x: usize, length: i32): f32 {
  const zero = v128.load_splat<f32>(zeroInMemory);
  const own = ownPlace();
  let unsound0 = zero, unsound1 = zero;
  let n = length >> 3;
  if (n) do {
    const a = v128.load(x, 0), b = v128.load(x, 16);
    unsound0 = v128.or(unsound0, f32x4.sub(a, a));
    unsound1 = v128.or(unsound1, f32x4.sub(b, b));
    x += 32;
  } while (--n);
  v128.store(own, unsound1, 16); v128.store(own, unsound0, 0);
  let rest: f32 = 0;
  for (let i = 0; i < (length & 7); i++) {
    const value = load<f32>(x + (<usize>i << 2));
    rest += value - value;
  }
  return v128.any_true(v128.or(v128.load(own, 0), v128.load(own, 16))) ? NaN : rest;
}

// Sum of squares in double precision: four partial sums by index modulo 4, combined (0 + 1) + (2 + 3).
export function sumSquares(x: usize, length: i32): f64 {
  let s0: f64 = 0, s1: f64 = 0, s2: f64 = 0, s3: f64 = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const at = x + (<usize>i << 2);
    const a = <f64>load<f32>(at, 0), b = <f64>load<f32>(at, 4), c = <f64>load<f32>(at, 8), d = <f64>load<f32>(at, 12);
    s0 += a * a;
    s1 += b * b;
    s2 += c * c;
    s3 += d * d;
  }
  for (; i < length; i++) {
    const a = <f64>load<f32>(x + (<usize>i << 2));
    s0 += a * a;
  }
  return (s0 + s1) + (s2 + s3);
}
