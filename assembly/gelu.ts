// GELU in its tanh form, written as x * sigmoid(2u) with u = sqrt(2 / pi) (x + .044715 x^3): no cancellation near zero.
// `length` is a multiple of 8.
import { expOfUpTo88 } from './elementary';

// From memory, one broadcast load each, not immediates: see elementary.ts. 2u / (x + .044715 x^3) and its negative; the
// cubic's factor; three times that as it is rounded; 1. Beyond +-20 the gate is 0 or 1 to the last bit: clamping keeps x^3
// finite and, with an exponent of at most 80, the gate a normal number.
const constants: usize = memory.data<f32>([
  1.5957691216057308, -1.5957691216057308, 0.044715, 0.13414499163627625, 1, 20, -20, 80,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load_splat<f32>(constants + (index << 2));
}

// @ts-ignore: decorator
@inline
function clamped(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, constant(5)), constant(6));
}

// @ts-ignore: decorator
@inline
function gate(x: v128, square: v128): v128 {
  const inner = f32x4.mul(x, f32x4.add(constant(4), f32x4.mul(constant(2), square)));
  const e = expOfUpTo88(f32x4.pmin(f32x4.mul(inner, constant(1)), constant(7)));
  return f32x4.div(constant(4), f32x4.add(constant(4), e));
}

// @ts-ignore: decorator
@inline
function activation(unbounded: v128): v128 {
  const x = clamped(unbounded);
  return f32x4.mul(unbounded, gate(x, f32x4.mul(x, x)));
}

// @ts-ignore: decorator
@inline
function slope(unbounded: v128): v128 {
  const x = clamped(unbounded);
  const square = f32x4.mul(x, x);
  const s = gate(x, square);
  const du = f32x4.mul(constant(0), f32x4.add(constant(4), f32x4.mul(constant(3), square)));
  return f32x4.add(s, f32x4.mul(f32x4.mul(x, du), f32x4.mul(s, f32x4.sub(constant(4), s))));
}

// 16 at a time, as softmaxTile: a chain of 30 operations leaves the processor idle.
export function gelu(out: usize, x: usize, length: i32): void {
  let n = length >> 4;
  if (n) do {
    const a = activation(v128.load(x, 0)), b = activation(v128.load(x, 16));
    const c = activation(v128.load(x, 32)), d = activation(v128.load(x, 48));
    v128.store(out, b, 16); v128.store(out, a, 0);
    v128.store(out, d, 48); v128.store(out, c, 32);
    x += 64;
    out += 64;
  } while (--n);
  if (length & 8) {
    const a = activation(v128.load(x, 0)), b = activation(v128.load(x, 16));
    v128.store(out, b, 16); v128.store(out, a, 0);
  }
}

// dx := dy * gelu'(x)
export function geluBackward(dx: usize, dy: usize, x: usize, length: i32): void {
  let n = length >> 4;
  if (n) do {
    const a = f32x4.mul(v128.load(dy, 0), slope(v128.load(x, 0)));
    const b = f32x4.mul(v128.load(dy, 16), slope(v128.load(x, 16)));
    const c = f32x4.mul(v128.load(dy, 32), slope(v128.load(x, 32)));
    const d = f32x4.mul(v128.load(dy, 48), slope(v128.load(x, 48)));
    v128.store(dx, b, 16); v128.store(dx, a, 0);
    v128.store(dx, d, 48); v128.store(dx, c, 32);
    x += 64;
    dy += 64;
    dx += 64;
  } while (--n);
  if (length & 8) {
    const a = f32x4.mul(v128.load(dy, 0), slope(v128.load(x, 0)));
    const b = f32x4.mul(v128.load(dy, 16), slope(v128.load(x, 16)));
    v128.store(dx, b, 16); v128.store(dx, a, 0);
  }
}
