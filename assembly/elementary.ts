// exp for vectors of four floats. Strict operations only, so every machine gives the same bits.

// Constants of exp, read from memory one broadcast load each: V8 would build an immediate vector anew, in three
// instructions, wherever one is used. Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits
// (f32x4.nearest does not widen to 256 bits); ln 2 comes in two parts; the polynomial is Cephes'.
const constants: usize = memory.data<f32>([
  88, -87, 1.44269504088896341, 12582912, 0.693359375, -2.1219444e-4, 1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3,
  4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load_splat<f32>(constants + (index << 2));
}

// exp(x), x clamped to [-87, 88] so that neither the result nor the scale factor leaves the normal numbers; relative
// error below 3e-7. pmin and pmax are one instruction each, min and max six; in this argument order they pass NaN on.
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  return expOfUpTo88(f32x4.pmin(x, constant(0)));
}

// exp(x) where x is at most 88
// @ts-ignore: decorator
@inline
export function expOfUpTo88(x: v128): v128 {
  const clamped = f32x4.pmax(x, constant(1));
  const shifted = f32x4.add(f32x4.mul(clamped, constant(2)), constant(3));
  const n = f32x4.sub(shifted, constant(3));
  const r = f32x4.sub(f32x4.sub(clamped, f32x4.mul(n, constant(4))), f32x4.mul(n, constant(5)));
  let p = constant(6);
  p = f32x4.add(f32x4.mul(p, r), constant(7));
  p = f32x4.add(f32x4.mul(p, r), constant(8));
  p = f32x4.add(f32x4.mul(p, r), constant(9));
  p = f32x4.add(f32x4.mul(p, r), constant(10));
  p = f32x4.add(f32x4.mul(p, r), constant(11));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), constant(12));
  // The bits of 1.0 are the exponent's bias in place.
  return f32x4.mul(p, i32x4.add(i32x4.shl(shifted, 23), constant(12)));
}

// Sum of the four lanes, always (0 + 1) + (2 + 3).
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}
