// Counter-based normal draws, four at a time. Specification: src/data/synthetic/reference.ts (same bits) and
// src/engine/threefry.ts.

// @ts-ignore: decorator
@inline
function rotateLeft(x: v128, distance: i32): v128 {
  return v128.or(i32x4.shl(x, distance), i32x4.shr_u(x, 32 - distance));
}

// @ts-ignore: decorator
@inline
function rotateLeft16(x: v128): v128 {
  return i8x16.shuffle(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

// @ts-ignore: decorator
@inline
function rotateLeft24(x: v128): v128 {
  return i8x16.shuffle(x, x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
}

// -log(t), t in (0, 1].
// @ts-ignore: decorator
@inline
function negativeLog4(t: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(t, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(t, i32x4.shl(exponent, 23)), f32x4.splat(1));
  const square = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.151461031e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.167699874e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(3.3333331174e-1));
  const tail = f32x4.sub(f32x4.mul(f32x4.mul(f, square), p), f32x4.mul(square, f32x4.splat(0.5)));
  const scaled = f32x4.mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(0.693147180559945309));
  return f32x4.neg(f32x4.add(f32x4.add(f, tail), scaled));
}

// Standard normal numbers over sqrt 2, from the upper 24 bits of each word.
// @ts-ignore: decorator
@inline
export function normalDraws4(words: v128): v128 {
  const u = f32x4.mul(
    f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_s(words, 8)), f32x4.splat(0.5)),
    f32x4.splat(1.1920928955078125e-7),
  );
  const one = f32x4.splat(1);
  const w = negativeLog4(f32x4.mul(f32x4.sub(one, u), f32x4.add(one, u)));
  const c = f32x4.sub(w, f32x4.splat(2.5));
  let p = f32x4.splat(2.81022636e-8);
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(3.43273939e-7));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(-3.5233877e-6));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(-4.39150654e-6));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(0.00021858087));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(-0.00125372503));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(-0.00417768164));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(0.246640727));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(1.50140941));
  const isCentral = f32x4.lt(w, f32x4.splat(5));
  // 1.3% of the vectors have a number in the tail.
  if (!i32x4.all_true(isCentral)) p = v128.bitselect(p, outerRatio(w), isCentral);
  return f32x4.mul(p, u);
}

// erfinv(u) / u for w = -log(1 - u^2) >= 5. Not inlined: rare.
function outerRatio(w: v128): v128 {
  const c = f32x4.sub(f32x4.sqrt(w), f32x4.splat(3));
  let p = f32x4.splat(-0.000200214257);
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(0.000100950558));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(0.00134934322));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(-0.00367342844));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(0.00573950773));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(-0.0076224613));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(0.00943887047));
  p = f32x4.add(f32x4.mul(p, c), f32x4.splat(1.00167406));
  return f32x4.add(f32x4.mul(p, c), f32x4.splat(2.83297682));
}

// Threefry-2x32-20 under the key (k0, k1) with counters (firstClass + lane, firstCounter + j) for j < half:
// out[j] := first words, out[j + half] := second words; elements of out are vectors of four lanes.
export function randomWords(
  out: usize, half: i32, k0: i32, k1: i32, firstClass: i32, firstCounter: i32,
): void {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  const key0 = i32x4.splat(k0), key1 = i32x4.splat(k1), key2 = i32x4.splat(k2);
  const start0 = i32x4.add(i32x4.add(i32x4.splat(firstClass), i32x4(0, 1, 2, 3)), key0);
  const key1p3 = i32x4.splat(k1 + 3), key2p1 = i32x4.splat(k2 + 1), key0p2 = i32x4.splat(k0 + 2);
  const key2p4 = i32x4.splat(k2 + 4), key0p5 = i32x4.splat(k0 + 5);
  const secondHalf = <usize>half << 4;
  for (let j = 0; j < half; j++) {
    let x = start0;
    let y = i32x4.splat(firstCounter + j + k1);
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 13));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 15));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 26));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 6));
    x = i32x4.add(x, key1); y = i32x4.add(y, key2p1);
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 17));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 29));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft16(y));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft24(y));
    x = i32x4.add(x, key2); y = i32x4.add(y, key0p2);
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 13));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 15));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 26));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 6));
    x = i32x4.add(x, key0); y = i32x4.add(y, key1p3);
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 17));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 29));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft16(y));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft24(y));
    x = i32x4.add(x, key1); y = i32x4.add(y, key2p4);
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 13));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 15));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 26));
    x = i32x4.add(x, y); y = v128.xor(x, rotateLeft(y, 6));
    x = i32x4.add(x, key2); y = i32x4.add(y, key0p5);

    const at = out + (<usize>j << 4);
    v128.store(at, x);
    v128.store(at + secondHalf, y);
  }
}

// words[i] := base[i] + amplitude[i] * draw(words[i]), i < dim; amplitude holds floats. base = 0: without it.
// A loop of its own: together with the generator's long chain of operations few steps would be under way at once.
export function scaledNormals(words: usize, base: usize, amplitude: usize, dim: i32): void {
  for (let i = 0; i < dim; i++) {
    const p = words + (<usize>i << 4);
    let value = f32x4.mul(normalDraws4(v128.load(p)), v128.load_splat<f32>(amplitude + (<usize>i << 2)));
    if (base) value = f32x4.add(v128.load(base + (<usize>i << 4)), value);
    v128.store(p, value);
  }
}
