// GELU in its tanh form, written as x * sigmoid(2u) with u = sqrt(2 / pi) (x + .044715 x^3): no cancellation near zero.
// `length` is a multiple of 8.
import { exp4 } from './elementary';

const twoU: f32 = 1.5957691216057308;
const cubic: f32 = 0.044715;

// The gate is 0 or 1 to the last bit beyond these; clamping keeps x^3 finite and the gate a normal number.
const limit: f32 = 20;
const exponentLimit: f32 = 80;

// @ts-ignore: decorator
@inline
function clamped(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(limit)), f32x4.splat(-limit));
}

// @ts-ignore: decorator
@inline
function gate(x: v128): v128 {
  const inner = f32x4.mul(x, f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(cubic), f32x4.mul(x, x))));
  const e = exp4(f32x4.pmin(f32x4.mul(inner, f32x4.splat(-twoU)), f32x4.splat(exponentLimit)));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), e));
}

// @ts-ignore: decorator
@inline
function slope(unbounded: v128): v128 {
  const x = clamped(unbounded);
  const s = gate(x);
  const du = f32x4.mul(f32x4.splat(twoU), f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(3 * cubic), f32x4.mul(x, x))));
  return f32x4.add(s, f32x4.mul(f32x4.mul(x, du), f32x4.mul(s, f32x4.sub(f32x4.splat(1), s))));
}

export function gelu(out: usize, x: usize, length: i32): void {
  for (let i = 0; i < length; i += 8) {
    const at = <usize>i << 2;
    const a = v128.load(x + at, 0), b = v128.load(x + at, 16);
    const ya = f32x4.mul(a, gate(clamped(a))), yb = f32x4.mul(b, gate(clamped(b)));
    v128.store(out + at, yb, 16); v128.store(out + at, ya, 0);
  }
}

// dx := dy * gelu'(x)
export function geluBackward(dx: usize, dy: usize, x: usize, length: i32): void {
  for (let i = 0; i < length; i += 8) {
    const at = <usize>i << 2;
    const a = f32x4.mul(v128.load(dy + at, 0), slope(v128.load(x + at, 0)));
    const b = f32x4.mul(v128.load(dy + at, 16), slope(v128.load(x + at, 16)));
    v128.store(dx + at, b, 16); v128.store(dx + at, a, 0);
  }
}
